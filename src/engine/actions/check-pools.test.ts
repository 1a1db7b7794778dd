import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionUnderTest } from '../../../test/support/engine/an-action-context.ts';
import { poolOf } from '../../../test/support/engine/simulated-surroundings.ts';
import { aStablePool } from '../../../test/support/plan-builder.ts';
import { operationalError } from '../../core/operational-error.ts';
import type { ActionResult } from '../action-context.ts';
import { checkPools } from './check-pools.ts';

const stable = aStablePool();

function messageOf(result: ActionResult): string {
  return result.kind === 'failed' ? `${result.failure.code}: ${result.failure.message}` : 'ok';
}

test('exactly the expected pools at full size pass', async () => {
  const { context, run } = actionUnderTest();
  await run(stable);

  const result = await checkPools(context, { running: [stable], as: 'whole' });

  assert.deepEqual(result, { kind: 'ok', evidence: { summary: '2 × 1.0 at full size.' } });
});

test('nothing running passes where nothing is expected', async () => {
  const { context } = actionUnderTest();

  assert.equal(messageOf(await checkPools(context, { running: [], as: 'whole' })), 'ok');
});

test('a missing pool is named', async () => {
  const { context } = actionUnderTest(50);

  assert.equal(
    messageOf(await checkPools(context, { running: [stable], as: 'whole' })),
    'capacity-missing: Pool production.web.1 (1.0) does not run.',
  );
});

test('a pool too many is named', async () => {
  const { context, run } = actionUnderTest(50);
  await run(stable);

  assert.match(
    messageOf(await checkPools(context, { running: [], as: 'whole' })),
    /Pool production\.web\.1 \(1\.0\) runs as well/,
  );
});

test('a pool that was told to stop but still has a process is one too many', async () => {
  const { context, run, surroundings } = actionUnderTest(50);
  await run(stable);
  const pool = surroundings.target.pools.get(poolOf(1));
  assert.ok(pool);
  pool.desired = 'stopped';

  assert.match(messageOf(await checkPools(context, { running: [], as: 'whole' })), /runs as well/);
});

test('an instance that does not accept connections is counted out', async () => {
  const { context, run, surroundings } = actionUnderTest(50);
  await run(stable);
  surroundings.target.pools.get(poolOf(1))!.instances[0]!.state = 'starting';

  assert.match(
    messageOf(await checkPools(context, { running: [stable], as: 'whole' })),
    /has 1 of 2 instances accepting/,
  );
});

test('other content than was deployed is a difference', async () => {
  const { context, run } = actionUnderTest(50);
  await run(stable);
  const other = { ...stable, artifact: { ...stable.artifact, digest: 'sha256:other' } };

  assert.match(
    messageOf(await checkPools(context, { running: [other], as: 'whole' })),
    /deployed was sha256:other/,
  );
});

test('an instance that comes back in time is waited for', async () => {
  const { context, run, surroundings } = actionUnderTest();
  await run(stable);
  const instance = surroundings.target.pools.get(poolOf(1))!.instances[0]!;
  instance.state = 'starting';
  surroundings.atVerb = (_verb, moment) => {
    if (moment === 'after') instance.state = 'accepting';
  };

  assert.equal(messageOf(await checkPools(context, { running: [stable], as: 'whole' })), 'ok');
});

test('a target that does not answer is not taken for one where something is missing', async () => {
  const { context, surroundings } = actionUnderTest(50);
  surroundings.atVerb = () => {
    throw operationalError('agent-unreachable', 'Away.');
  };

  assert.match(
    messageOf(await checkPools(context, { running: [stable], as: 'whole' })),
    /^deadline-passed: The target has not answered/,
  );
});
