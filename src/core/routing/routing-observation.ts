/** Puts what a balancer holds and what its pools carry into the words of the contract. */
import type { InstanceId, PoolId } from '../model/ids.ts';
import type { AdmissionObservation, RoutingObservation } from '../model/routing.ts';
import { hasEarned } from './admission.ts';
import { effectiveWeightOf, type RoutingState } from './routing-state.ts';

/** What a pool carries at this moment; pools that only drain are listed too. */
export interface PoolLoad {
  readonly pool: PoolId;
  readonly inFlight: number;
  readonly oldestWaitingMs: number;
  readonly ejected?: readonly InstanceId[];
  /** By instance, what each has answered under the split in force. */
  readonly answered?: readonly (readonly [InstanceId, number])[];
}

export function observationOf(
  state: RoutingState,
  loads: readonly PoolLoad[],
  nowNs: bigint,
): RoutingObservation {
  const weights: Record<PoolId, number> = {};
  const inFlight: Record<PoolId, number> = {};
  const oldestWaitingMs: Record<PoolId, number> = {};
  const ejected: Record<PoolId, readonly InstanceId[]> = {};
  const answered: Record<PoolId, Record<InstanceId, number>> = {};
  for (const { pool } of state.routing.pools) {
    weights[pool] = effectiveWeightOf(state, pool);
    inFlight[pool] = 0;
    oldestWaitingMs[pool] = 0;
  }
  for (const load of loads) {
    weights[load.pool] = effectiveWeightOf(state, load.pool);
    inFlight[load.pool] = load.inFlight;
    oldestWaitingMs[load.pool] = load.oldestWaitingMs;
    if (load.ejected && load.ejected.length > 0) ejected[load.pool] = load.ejected;
    if (load.answered) answered[load.pool] = Object.fromEntries(load.answered);
  }
  return {
    routing: state.routing,
    token: state.token,
    weights,
    inFlight,
    oldestWaitingMs,
    ejected,
    answered,
    admission: admissionOf(state),
    leaseRemainingMs: leaseRemainingMsOf(state, nowNs),
    fallback: state.fallback,
    firstFailures: state.firstFailures,
    inForceSinceNs: String(state.inForceSinceNs),
  };
}

function admissionOf({ routing, admission }: RoutingState): AdmissionObservation | null {
  const needed = routing.lease?.safeFirst;
  if (needed === undefined || routing.stable === null) return null;
  return { isAdmitted: hasEarned(admission, needed), needed, ...admission };
}

function leaseRemainingMsOf(state: RoutingState, nowNs: bigint): number | null {
  if (state.leaseDeadlineNs === null) return null;
  if (state.fallback !== null) return 0;
  return Math.max(0, Number(state.leaseDeadlineNs - nowNs) / 1e6);
}
