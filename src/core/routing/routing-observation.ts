/** Puts what a balancer holds and what its pools carry into the words of the contract. */
import type { PoolId } from '../model/ids.ts';
import type { RoutingObservation } from '../model/routing.ts';
import { effectiveWeightOf, type RoutingState } from './routing-state.ts';

/** What a pool carries at this moment; pools that only drain are listed too. */
export interface PoolLoad {
  readonly pool: PoolId;
  readonly inFlight: number;
  readonly oldestWaitingMs: number;
}

export function observationOf(
  state: RoutingState,
  loads: readonly PoolLoad[],
  nowNs: bigint,
): RoutingObservation {
  const pools = new Set([
    ...state.routing.pools.map((routed) => routed.pool),
    ...loads.map((load) => load.pool),
  ]);
  const perPool = (valueOf: (pool: PoolId) => number) =>
    Object.fromEntries([...pools].map((pool) => [pool, valueOf(pool)])) as Record<PoolId, number>;
  const loadOf = (pool: PoolId) => loads.find((load) => load.pool === pool);
  return {
    routing: state.routing,
    token: state.token,
    weights: perPool((pool) => effectiveWeightOf(state, pool)),
    inFlight: perPool((pool) => loadOf(pool)?.inFlight ?? 0),
    oldestWaitingMs: perPool((pool) => loadOf(pool)?.oldestWaitingMs ?? 0),
    leaseRemainingMs: leaseRemainingMsOf(state, nowNs),
    fallback: state.fallback,
    inForceSinceNs: String(state.inForceSinceNs),
  };
}

function leaseRemainingMsOf(state: RoutingState, nowNs: bigint): number | null {
  if (state.leaseDeadlineNs === null) return null;
  if (state.fallback !== null) return 0;
  return Math.max(0, Number(state.leaseDeadlineNs - nowNs) / 1e6);
}
