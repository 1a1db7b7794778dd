import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { aLease, aPool, aRouting, noTrips } from '../../../test/support/edge/routing-builder.ts';
import { someMirrorRules } from '../../../test/support/core/some-mirror-rules.ts';
import type { FencingToken } from '../model/fencing-token.ts';
import { compareTokens } from '../model/fencing-token.ts';
import { scopeOf, type PoolId } from '../model/ids.ts';
import type { Routing, TripCounts, TripRules } from '../model/routing.ts';
import { observationOf } from './routing-observation.ts';
import {
  countFailure,
  decideApply,
  decideRenew,
  effectiveWeightOf,
  lapseWhenDue,
  type RoutingState,
} from './routing-state.ts';

const scope = scopeOf('test', 'web');
const stable = 'test.web.1' as PoolId;
const candidate = 'test.web.2' as PoolId;
const TTL_NS = 10_000_000_000n;

test('adding weight is no reduction, taking it away is', () => {
  const current = stateOf(splitOf(50), at(1, 1));
  const isReduction = (routing: Routing) => {
    const decision = decideApply(current, routing, at(1, 2), 0n);
    return decision.kind === 'changed' && decision.onlyReduces;
  };

  assert.equal(isReduction(splitOf(51)), false);
  assert.equal(isReduction(splitOf(50)), true);
  assert.equal(isReduction(splitOf(0)), true);
  assert.equal(isReduction(alone(stable)), true);
  assert.equal(isReduction(alone(candidate)), false);
  assert.equal(isReduction({ ...splitOf(0), stable: null, lease: null }), false);
});

test('beginning to copy requests to a candidate is no reduction, ending it is', () => {
  const mirroring = {
    ...splitOf(0),
    lease: aLease(candidate, { ttlMs: 10_000, mirror: someMirrorRules() }),
  };
  const isReduction = (from: Routing, to: Routing) => {
    const decision = decideApply(stateOf(from, at(1, 1)), to, at(1, 2), 0n);
    return decision.kind === 'changed' && decision.onlyReduces;
  };

  assert.equal(isReduction(splitOf(0), mirroring), false);
  assert.equal(isReduction(mirroring, splitOf(0)), true);
  assert.equal(isReduction(mirroring, alone(stable)), true);
});

test('weight that a lease took away comes back with another deployment only, as added weight', () => {
  const lapsed = lapseWhenDue(stateOf(splitOf(50), at(1, 1)), TTL_NS);

  const same = decideApply(lapsed, splitOf(10), at(1, 2), TTL_NS);
  const revert = decideApply(lapsed, splitOf(0), at(1, 2), TTL_NS);
  const other = decideApply(lapsed, splitOf(10), at(2, 1), TTL_NS);

  assert.equal(same.kind === 'refused' && same.failure.code, 'lease-lost');
  assert.equal(revert.kind === 'changed' && revert.onlyReduces, true);
  assert.equal(other.kind === 'changed' && other.onlyReduces, false);
});

test('a lease lapses exactly at its deadline', () => {
  const state = stateOf(splitOf(50), at(1, 1));

  assert.equal(lapseWhenDue(state, TTL_NS - 1n), state);
  assert.equal(lapseWhenDue(state, TTL_NS).fallback?.cause, 'lease-lapsed');
});

test('failures of other pools and other deployments do not count', () => {
  const state = stateOf(splitOf(50, { serverErrors: 1 }), at(2, 1));
  const failed = (pool: PoolId, deployment: number) =>
    countFailure(state, { pool, deployment, rule: 'serverErrors' }, 5n);

  assert.equal(failed(stable, 2), state);
  assert.equal(failed(candidate, 1), state);
  assert.equal(failed(candidate, 2).fallback?.cause, 'tripped');
});

test('counts go on in the same deployment and begin anew in another or for another candidate', () => {
  const counted = countFailure(
    stateOf(splitOf(50), at(2, 1)),
    { pool: candidate, deployment: 2, rule: 'timeouts' },
    5n,
  );
  const countsAfter = (routing: Routing, token: FencingToken) => {
    const decision = decideApply(counted, routing, token, 9n);
    return decision.kind === 'changed' ? decision.state.tripCounts.timeouts : null;
  };
  const other = 'test.web.3' as PoolId;
  const otherCandidate: Routing = {
    ...splitOf(50),
    pools: [aPool(stable, 50, [1]), aPool(other, 50, [3])],
    lease: aLease(other),
  };

  assert.equal(countsAfter(splitOf(60), at(2, 2)), 1);
  assert.equal(countsAfter(alone(stable), at(2, 2)), 1);
  assert.equal(countsAfter(splitOf(60), at(3, 1)), 0);
  assert.equal(countsAfter(otherCandidate, at(2, 2)), 0);
});

test('failures after a trip are counted but do not trip again', () => {
  const failed = { pool: candidate, deployment: 1, rule: 'connectErrors' } as const;
  const tripped = countFailure(stateOf(splitOf(50, { connectErrors: 1 }), at(1, 1)), failed, 5n);

  const later = countFailure(tripped, failed, 9n);

  assert.equal(later.fallback, tripped.fallback);
  assert.equal(later.tripCounts.connectErrors, 2);
});

test('when each kind of failure came first is known until another deployment, also after a trip', () => {
  const failed = { pool: candidate, deployment: 1, rule: 'serverErrors' } as const;
  const late = { pool: candidate, deployment: 1, rule: 'timeouts', sinceNs: 2n } as const;
  const first = countFailure(stateOf(splitOf(50, { timeouts: 1 }), at(1, 1)), failed, 5n);

  const tripped = countFailure(countFailure(first, late, 7n), failed, 9n);
  const firstFailuresAfter = (routing: Routing, token: FencingToken) => {
    const decision = decideApply(tripped, routing, token, 11n);
    return decision.kind === 'changed'
      ? observationOf(decision.state, [], 11n).firstFailures
      : null;
  };

  assert.deepEqual(firstFailuresAfter(splitOf(0), at(1, 2)), { serverErrors: '5', timeouts: '2' });
  assert.deepEqual(firstFailuresAfter(splitOf(50), at(2, 1)), {});
});

test('a renewal is refused with the reason', () => {
  const state = stateOf(splitOf(50), at(2, 2));
  const codeOf = (of: RoutingState | null, token: FencingToken) => {
    const decision = decideRenew(of, scope, token, 1n);
    return decision.kind === 'refused' ? decision.failure.code : decision.kind;
  };

  assert.equal(codeOf(null, at(1, 1)), 'lease-lost');
  assert.equal(codeOf(state, at(2, 1)), 'token-fenced');
  assert.equal(codeOf(state, at(2, 3)), 'lease-lost');
  assert.equal(codeOf(state, at(2, 2)), 'renewed');
  assert.equal(codeOf(lapseWhenDue(state, TTL_NS), at(2, 2)), 'lease-lost');
  assert.equal(codeOf(stateOf(alone(stable), at(2, 2)), at(2, 2)), 'lease-lost');
});

test('pools that only drain are observed with weight 0', () => {
  const observed = observationOf(
    stateOf(alone(stable), at(1, 1)),
    [{ pool: candidate, inFlight: 2, oldestWaitingMs: 7 }],
    5n,
  );

  assert.deepEqual(observed.weights, { [stable]: 100, [candidate]: 0 });
  assert.deepEqual(observed.inFlight, { [stable]: 0, [candidate]: 2 });
  assert.deepEqual(observed.oldestWaitingMs, { [stable]: 0, [candidate]: 7 });
  assert.equal(observed.leaseRemainingMs, null);
});

type Move =
  | { readonly kind: 'apply'; readonly token: FencingToken; readonly weight: number }
  | { readonly kind: 'renew'; readonly token: FencingToken }
  | { readonly kind: 'fail'; readonly rule: keyof TripCounts; readonly deployment: number }
  | { readonly kind: 'wait'; readonly seconds: number };

const token = fc.record({
  deployment: fc.integer({ min: 1, max: 3 }),
  sequence: fc.integer({ min: 1, max: 4 }),
});
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({
    kind: fc.constant('apply' as const),
    token,
    weight: fc.integer({ min: 0, max: 100 }),
  }),
  fc.record({ kind: fc.constant('renew' as const), token }),
  fc.record({
    kind: fc.constant('fail' as const),
    rule: fc.constantFrom('connectErrors' as const, 'serverErrors' as const, 'timeouts' as const),
    deployment: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 0, max: 12 }) }),
);

test('the token never falls, weights always add up to 100, and an ended lease stays ended', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
      let state: RoutingState | null = null;
      let nowNs = 0n;
      for (const next of moves) {
        const before: RoutingState | null = state;
        if (next.kind === 'wait') nowNs += BigInt(next.seconds) * 1_000_000_000n;
        state = state && lapseWhenDue(state, nowNs);
        state = after(state, next, nowNs);
        if (state === null) continue;
        const weights = [stable, candidate].map((pool) => effectiveWeightOf(state!, pool));
        assert.equal(weights[0]! + weights[1]!, 100);
        if (state.fallback !== null) assert.equal(weights[1], 0);
        if (before === null) continue;
        const order = compareTokens(state.token, before.token);
        assert.ok(order >= 0);
        if (order === 0 && before.fallback !== null) assert.equal(state.fallback, before.fallback);
        if (order === 0) assert.equal(state.routing, before.routing);
      }
    }),
  );
});

function after(state: RoutingState | null, next: Move, nowNs: bigint): RoutingState | null {
  switch (next.kind) {
    case 'apply': {
      const routing = splitOf(next.weight, { connectErrors: 2, serverErrors: 2, timeouts: 2 });
      const decision = decideApply(state, routing, next.token, nowNs);
      return decision.kind === 'changed' ? decision.state : state;
    }
    case 'renew': {
      const decision = decideRenew(state, scope, next.token, nowNs);
      return decision.kind === 'renewed' ? decision.state : state;
    }
    case 'fail':
      return state && countFailure(state, { pool: candidate, ...next }, nowNs);
    case 'wait':
      return state;
  }
}

function at(deployment: number, sequence: number): FencingToken {
  return { deployment, sequence };
}

function splitOf(weight: number, trip: Partial<TripRules> = {}): Routing {
  return aRouting({
    scope,
    port: 8080,
    pools: [aPool(stable, 100 - weight, [1]), aPool(candidate, weight, [2])],
    lease: aLease(candidate, { ttlMs: 10_000, trip: { ...noTrips, ...trip } }),
  });
}

function alone(pool: PoolId): Routing {
  return aRouting({ scope, port: 8080, pools: [aPool(pool, 100, [1])] });
}

function stateOf(routing: Routing, of: FencingToken): RoutingState {
  const decision = decideApply(null, routing, of, 0n);
  assert.ok(decision.kind === 'changed');
  return decision.state;
}
