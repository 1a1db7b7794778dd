import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  actionUnderTest,
  type ActionUnderTest,
} from '../../../test/support/engine/an-action-context.ts';
import { poolOf, scope } from '../../../test/support/engine/simulated-surroundings.ts';
import { failsWith } from '../../../test/support/fails-with.ts';
import { aPlan, aStablePool } from '../../../test/support/plan-builder.ts';
import { anApiBeforeWeb } from '../../../test/support/several-services.ts';
import { instanceIdOf } from '../../core/model/ids.ts';
import { compileRestore } from '../../core/plan/compile-restore.ts';
import type { PlannedPool } from '../../core/plan/plan.ts';
import { crashSimulated } from '../../drivers/target/simulated/simulated-world.ts';
import { resolveRouting } from './apply-split.ts';
import { isPoolStopped, stopPool } from './stop-pool.ts';

const stable = aStablePool();
const plan = aPlan();
const { candidate } = plan.services[0];

/** Both pools run, and all traffic goes to `served`. */
async function serving(
  served: PlannedPool,
  since = { deployment: 2, sequence: 15 },
): Promise<ActionUnderTest> {
  const under = actionUnderTest();
  await under.run(stable);
  await under.run(candidate);
  const routing = await resolveRouting(under.context, {
    weights: [{ pool: served.pool, version: served.release.version, weight: 100 }],
    stable: served.pool,
    lease: null,
  });
  under.surroundings.balancer.apply(routing, since);
  const { context } = under;
  const at = { step: plan.pointOfNoReturn ?? '', token: { deployment: 2, sequence: 16 } };
  return { ...under, context: { ...context, command: { ...context.command, ...at } } };
}

const desiredOf = ({ surroundings }: ActionUnderTest, { pool }: PlannedPool) =>
  surroundings.target.pools.get(pool)?.desired;

test('the old pool ends when it has no traffic and the new one is whole', async () => {
  const under = await serving(candidate);

  const result = await stopPool(under.context, { pool: stable.pool, graceMs: 100 });

  assert.equal(result.kind, 'ok');
  assert.deepEqual([desiredOf(under, stable), desiredOf(under, candidate)], ['stopped', 'running']);
});

test('a pool that is to end only when it is idle is left alone with its traffic', async () => {
  const under = await serving(candidate);
  const stop = { pool: candidate.pool, graceMs: 100, onlyIdle: true } as const;

  const result = await stopPool(under.context, stop);

  assert.ok(result.kind === 'failed');
  assert.deepEqual([result.failure.code, result.failure.effect], ['split-differs', 'none']);
  assert.equal(desiredOf(under, candidate), 'running');
});

test('one that is idle ends, and the split stays as it is', async () => {
  const under = await serving(stable);
  const before = under.surroundings.balancer.observe(scope);
  const stop = { pool: candidate.pool, graceMs: 100, onlyIdle: true } as const;

  assert.equal((await stopPool(under.context, stop)).kind, 'ok');

  assert.equal(desiredOf(under, candidate), 'stopped');
  assert.deepEqual(under.surroundings.balancer.observe(scope)?.token, before?.token);
});

test('an old pool that has traffic again stays', async () => {
  const under = await serving(stable);

  const result = await stopPool(under.context, { pool: stable.pool, graceMs: 100 });

  assert.ok(result.kind === 'failed');
  assert.deepEqual([result.failure.code, result.failure.effect], ['split-differs', 'none']);
  assert.equal(desiredOf(under, stable), 'running');
});

test('behind the point of no return its traffic is put back where it was, also by a restore', async () => {
  const restored = compileRestore(plan, 'retire-old', 3);
  const step = 'web:retire-old';
  for (const each of [plan, { ...restored, pointOfNoReturn: 'api:forget-old' }]) {
    const under = await serving(stable);
    const { context, surroundings } = under;
    const behind = { ...context, plan: each, command: { ...context.command, step } };

    const result = await stopPool(behind, { pool: stable.pool, graceMs: 100 });

    assert.equal(result.kind, 'ok');
    assert.deepEqual(surroundings.balancer.observe(scope)?.weights, { [candidate.pool]: 100 });
    assert.equal(desiredOf(under, stable), 'stopped');
  }
});

test('the old pool stays when an instance of the new one has ended', async () => {
  const under = await serving(candidate);
  crashSimulated(under.surroundings.target, instanceIdOf(candidate.pool, 1), '');

  const result = await stopPool(under.context, { pool: stable.pool, graceMs: 100 });

  assert.ok(result.kind === 'failed');
  assert.deepEqual([result.failure.code, result.failure.effect], ['instance-exited', 'none']);
  assert.equal(desiredOf(under, stable), 'running');
});

test('a stop that was carried out already is not refused: there is no way back any more', async () => {
  const under = await serving(candidate);
  await stopPool(under.context, { pool: stable.pool, graceMs: 100 });
  crashSimulated(under.surroundings.target, instanceIdOf(candidate.pool, 1), '');

  assert.equal((await stopPool(under.context, { pool: stable.pool, graceMs: 100 })).kind, 'ok');
});

test('a candidate without traffic is stopped whatever is left of it', async () => {
  const under = await serving(stable);
  crashSimulated(under.surroundings.target, instanceIdOf(candidate.pool, 1), '');

  assert.equal((await stopPool(under.context, { pool: candidate.pool, graceMs: 100 })).kind, 'ok');
  assert.equal(under.surroundings.balancer.observe(scope)?.weights[stable.pool], 100);
});

test('a pool that does not exist counts as stopped only when the target has accepted the stop', async () => {
  const { context, run } = actionUnderTest();
  await run(aStablePool());

  const before = await isPoolStopped(context, poolOf(2));
  await stopPool(context, { pool: poolOf(2), graceMs: 0 });

  assert.equal(before, false, 'a start may still be on its way');
  assert.equal(await isPoolStopped(context, poolOf(2)), true);
});

test('a pool that runs is not stopped, whatever the target has accepted', async () => {
  const { context, run } = actionUnderTest();
  await run(aStablePool());
  await stopPool(context, { pool: poolOf(2), graceMs: 0 });

  assert.equal(await isPoolStopped(context, poolOf(1)), false);
});

test('behind a refusal the target takes the same stop from nobody', async () => {
  const under = await serving(stable);
  await stopPool(under.context, { pool: stable.pool, graceMs: 100 });
  const { token } = under.context.command;

  await assert.rejects(
    under.context.drivers.target.stop(
      stable.pool,
      { scope, graceMs: 0 },
      { token, signal: under.context.signal },
    ),
    failsWith('token-conflict'),
  );

  assert.equal(desiredOf(under, stable), 'running');
});

test('a candidate that somebody gives traffic on the way back loses it and is stopped', async () => {
  const [api, web] = anApiBeforeWeb();
  for (const each of [plan, aPlan({ services: [web, api] })]) {
    const under = await serving(candidate);
    const context = { ...under.context, plan: each };

    const result = await stopPool(context, { pool: candidate.pool, graceMs: 100 });

    assert.equal(result.kind, 'ok');
    assert.deepEqual(under.surroundings.balancer.observe(scope)?.weights, {
      [stable.pool]: 100,
      [candidate.pool]: 0,
    });
    assert.equal(desiredOf(under, candidate), 'stopped');
  }
});

test('a split of an older deployment is written over, so that what comes late is refused', async () => {
  const under = await serving(stable, { deployment: 1, sequence: 9 });
  const { balancer } = under.surroundings;
  const late = balancer.observe(scope)?.routing;
  assert.ok(late);

  const result = await stopPool(under.context, { pool: candidate.pool, graceMs: 100 });

  assert.equal(result.kind, 'ok');
  const sendLate = () => balancer.apply(late, { deployment: 2, sequence: 15 });
  assert.throws(sendLate, failsWith('token-fenced'));
});

test('the restore of a restore stops a candidate whose traffic an earlier one has taken', async () => {
  const under = await serving(stable, { deployment: 3, sequence: 1 });
  const held = compileRestore(aPlan(), 'reprobe-stable', 3);
  const plan = compileRestore(held, 'drain-candidate', 4);
  assert.ok(plan.steps.every(({ id }) => id !== 'zero-candidate'));
  const token = { deployment: 4, sequence: 2 };
  const revertToken = { deployment: 4, sequence: 1_000_000 };
  const command = { ...under.context.command, token, revertToken };

  const result = await stopPool(
    { ...under.context, plan, command },
    { pool: candidate.pool, graceMs: 100 },
  );

  assert.equal(result.kind, 'ok');
  assert.equal(desiredOf(under, candidate), 'stopped');
  assert.deepEqual(under.surroundings.balancer.observe(scope)?.weights, { [stable.pool]: 100 });
});

test('a candidate that does not become whole is waited for half of the time only', async () => {
  const under = await serving(candidate);
  const [instance] = under.surroundings.target.pools.get(candidate.pool)?.instances ?? [];
  assert.ok(instance);
  instance.state = 'starting';
  const command = { ...under.context.command, deadlineMs: 300 };

  const result = await stopPool({ ...under.context, command }, { pool: stable.pool, graceMs: 100 });

  assert.ok(result.kind === 'failed');
  assert.deepEqual([result.failure.code, result.failure.effect], ['capacity-missing', 'none']);
});
