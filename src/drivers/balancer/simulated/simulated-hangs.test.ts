import assert from 'node:assert/strict';
import test from 'node:test';
import { aLease, aPool, aRouting, noTrips } from '../../../../test/support/edge/routing-builder.ts';
import { scopeOf, type PoolId } from '../../../core/model/ids.ts';
import { decideApply } from '../../../core/routing/routing-state.ts';
import { watchedUnder } from '../../../core/routing/watched-pools.ts';
import { createSimulatedHangs } from './simulated-hangs.ts';

const MS = 1_000_000n;
const stable = 'test.web.1' as PoolId;
const candidate = 'test.web.2' as PoolId;

/** Whether half of the candidate's clients trip it, who leave after so long; the stable pool answers at once. */
function tripsWhenLeft(afterMs: number): boolean {
  const lease = aLease(candidate, { trip: { ...noTrips, hangAfterMs: 300 } });
  const pools = [aPool(stable, 50, [2]), aPool(candidate, 50, [3])];
  const routing = aRouting({ scope: scopeOf('test', 'web'), port: 1, pools, lease });
  const decision = decideApply(null, routing, { deployment: 2, sequence: 1 }, 0n);
  assert.ok(decision.kind === 'changed');
  const { state } = decision;
  const watched = watchedUnder(state);
  assert.ok(watched !== null);
  const hangs = createSimulatedHangs(watched, { sent: 1_000, late: 0 });
  for (let atMs = 0n; atMs < 2_000n; atMs += 10n) {
    const isLeft = atMs % 20n === 0n;
    const waitsNs = isLeft ? BigInt(afterMs) * MS : MS;
    hangs.sent({ pool: candidate, waitsNs, isLeft }, state, atMs * MS);
    hangs.sent({ pool: stable, waitsNs: MS }, state, atMs * MS);
  }
  return hangs.weigh(state, 3_000n * MS).fallback !== null;
}

test('clients that leave after a third of the limit leave in vain; of those that leave sooner nothing is known', () => {
  assert.equal(tripsWhenLeft(110), true);
  assert.equal(tripsWhenLeft(90), false);
});
