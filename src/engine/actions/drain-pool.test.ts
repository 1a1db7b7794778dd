import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionUnderTest } from '../../../test/support/engine/an-action-context.ts';
import { poolOf } from '../../../test/support/engine/simulated-surroundings.ts';
import type { Balancer } from '../../drivers/contract.ts';
import { anObservation } from '../../../test/support/core/traffic-builder.ts';
import type { ActionContext } from '../action-context.ts';
import { drainPool } from './drain-pool.ts';

/** A balancer whose pool carries these numbers of requests, one a look; null where it knows nothing. */
function carrying(inFlight: readonly (number | null)[]): ActionContext {
  const { context } = actionUnderTest();
  const left = [...inFlight];
  const balancer: Balancer = {
    ...context.drivers.balancer,
    observe: () => {
      const now = left.length > 1 ? left.shift() : left[0];
      const isKnown = now !== null && now !== undefined;
      return Promise.resolve(isKnown ? anObservation({ inFlight: { [poolOf(1)]: now } }) : null);
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

test('a pool that the balancer has forgotten carries nothing', async () => {
  const result = await drainPool(carrying([0]), poolOf(2), 10_000);

  assert.deepEqual(result, { kind: 'ok', evidence: { summary: 'Nothing in flight.' } });
});

test('a service that the balancer does not know is waited for, and is not said to be drained', async () => {
  const known = await drainPool(carrying([null, 2, 0]), poolOf(1), 10_000);
  const unknown = await drainPool(carrying([null]), poolOf(1), 30);

  assert.deepEqual(known, { kind: 'ok', evidence: { summary: 'Nothing in flight.' } });
  assert.ok(unknown.kind === 'ok');
  assert.match(unknown.evidence.summary, /does not know this service.* after 30 ms is unknown/);
});

test('a wait that is ended is not taken for a drained pool', async () => {
  const context = { ...carrying([1]), signal: AbortSignal.abort() };

  await assert.rejects(drainPool(context, poolOf(1), 10_000), { name: 'AbortError' });
});
