/** Whose waits a balancer holds against each other while a lease is alive, by the state in force. */
import type { PoolId } from '../model/ids.ts';
import { isLeaseAlive, type RoutingState } from './routing-state.ts';

export interface WatchedPools {
  readonly deployment: number;
  readonly candidate: PoolId;
  /** What it has done so far is usual. */
  readonly stable: PoolId;
  /** The pool of the stable release that is held against; another one when a baseline comes and goes. */
  readonly beside: PoolId;
  readonly afterMs: number;
}

/** Null when nobody is watched. */
export function watchedUnder(state: RoutingState): WatchedPools | null {
  const { lease, stable } = state.routing;
  const afterMs = lease?.trip.hangAfterMs;
  if (!lease || stable === null || afterMs === undefined || !isLeaseAlive(state)) return null;
  const { candidate, against: beside = stable } = lease;
  return { deployment: state.token.deployment, candidate, stable, beside, afterMs };
}
