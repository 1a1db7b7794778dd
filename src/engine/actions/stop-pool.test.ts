import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionUnderTest } from '../../../test/support/engine/an-action-context.ts';
import { poolOf } from '../../../test/support/engine/simulated-surroundings.ts';
import { aStablePool } from '../../../test/support/plan-builder.ts';
import { settledSplit } from '../../core/plan/outline.ts';
import { resolveRouting } from './apply-split.ts';
import { isPoolStopped, stopPool } from './stop-pool.ts';

test('a pool that does not exist counts as stopped only when the target has accepted the stop', async () => {
  const { context, run } = actionUnderTest();
  await run(aStablePool());

  const before = await isPoolStopped(context, poolOf(2));
  await stopPool(context, poolOf(2), 0);

  assert.equal(before, false, 'a start may still be on its way');
  assert.equal(await isPoolStopped(context, poolOf(2)), true);
});

test('a pool that runs is not stopped, whatever the target has accepted', async () => {
  const { context, run } = actionUnderTest();
  await run(aStablePool());
  await stopPool(context, poolOf(2), 0);

  assert.equal(await isPoolStopped(context, poolOf(1)), false);
});

test('a pool that has traffic again is not stopped', async () => {
  const { context, run, surroundings } = actionUnderTest();
  const stable = aStablePool();
  await run(stable);
  const split = settledSplit(stable);
  await context.drivers.balancer.apply(await resolveRouting(context, split), {
    token: { deployment: 1, sequence: 9 },
    signal: context.signal,
  });

  const result = await stopPool(context, stable.pool, 0);

  assert.ok(result.kind === 'failed');
  assert.equal(result.failure.code, 'split-differs');
  assert.equal(result.failure.effect, 'none');
  assert.equal(surroundings.target.pools.get(stable.pool)?.desired, 'running');
});
