import assert from 'node:assert/strict';
import test from 'node:test';
import { candidate, scope, stable } from '../../../test/support/edge/edge-under-test.ts';
import { aLease, aPool, aRouting, noTrips } from '../../../test/support/edge/routing-builder.ts';
import type { PoolId } from '../model/ids.ts';
import type { Lease } from '../model/routing.ts';
import { decideApply, lapseWhenDue } from './routing-state.ts';
import { watchedUnder } from './watched-pools.ts';

const TTL_MS = 1_000;

function stateUnder(lease: Partial<Lease>) {
  const routing = aRouting({
    scope,
    port: 1,
    pools: [aPool(stable, 90, [2]), aPool(candidate, 10, [3])],
    lease: aLease(candidate, { ttlMs: TTL_MS, ...lease }),
  });
  const decision = decideApply(null, routing, { deployment: 2, sequence: 1 }, 0n);
  assert.ok(decision.kind === 'changed');
  return decision.state;
}

const watching = { trip: { ...noTrips, hangAfterMs: 300 } };

test('a candidate is held against the stable pool, or against the baseline that its lease names', () => {
  const baseline = `${candidate}-baseline` as PoolId;

  assert.deepEqual(watchedUnder(stateUnder(watching)), {
    ...{ deployment: 2, candidate, stable, beside: stable, afterMs: 300 },
  });
  assert.equal(watchedUnder(stateUnder({ ...watching, against: baseline }))?.beside, baseline);
});

test('nobody is watched without a limit, nor once the lease has ended', () => {
  const state = stateUnder(watching);

  assert.equal(watchedUnder(stateUnder({ trip: noTrips })), null);
  assert.equal(watchedUnder(lapseWhenDue(state, BigInt(TTL_MS + 1) * 1_000_000n)), null);
});
