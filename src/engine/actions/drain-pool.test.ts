import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionUnderTest } from '../../../test/support/engine/an-action-context.ts';
import { poolOf } from '../../../test/support/engine/simulated-surroundings.ts';
import type { Balancer } from '../../drivers/contract.ts';
import { anObservation } from '../../../test/support/core/traffic-builder.ts';
import type { ActionContext } from '../action-context.ts';
import { drainPool } from './drain-pool.ts';

/** A balancer whose pool carries these numbers of requests, one a look. */
function carrying(inFlight: readonly number[]): ActionContext {
  const { context } = actionUnderTest();
  const left = [...inFlight];
  const balancer: Balancer = {
    ...context.drivers.balancer,
    observe: () => {
      const now = left.length > 1 ? left.shift() : left[0];
      return Promise.resolve(anObservation({ inFlight: { [poolOf(1)]: now ?? 0 } }));
    },
  };
  return { ...context, drivers: { ...context.drivers, balancer } };
}

test('a pool is drained as soon as it carries nothing', async () => {
  const result = await drainPool(carrying([3, 1, 0]), poolOf(1), 10_000);

  assert.deepEqual(result, { kind: 'ok', evidence: { summary: 'Nothing in flight.' } });
});

test('what does not end in time is told and not waited for', async () => {
  const result = await drainPool(carrying([2]), poolOf(1), 30);

  assert.ok(result.kind === 'ok');
  assert.match(result.evidence.summary, /^2 requests or streams still open after 30 ms/);
});

test('a pool that the balancer does not know carries nothing', async () => {
  const { context } = actionUnderTest();

  assert.equal((await drainPool(context, poolOf(1), 10_000)).kind, 'ok');
});

test('a wait that is ended is not taken for a drained pool', async () => {
  const context = { ...carrying([1]), signal: AbortSignal.abort() };

  await assert.rejects(drainPool(context, poolOf(1), 10_000), { name: 'AbortError' });
});
