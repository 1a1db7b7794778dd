import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionUnderTest } from '../../../test/support/engine/an-action-context.ts';
import { poolOf } from '../../../test/support/engine/simulated-surroundings.ts';
import { aStablePool } from '../../../test/support/plan-builder.ts';
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
