/**
 * Watches how long requests of a leased candidate wait beside those of the stable pool, moment by moment of
 * when they were sent, by the rules of core/routing. What becomes of a request is known when it is sent.
 */
import type { PoolId } from '../../../core/model/ids.ts';
import {
  countLeft,
  dueNsOf,
  isCounted,
  momentAt,
  stableShareOf,
  type OpenMoment,
} from '../../../core/routing/open-moments.ts';
import {
  hangFound,
  isHanging,
  noHangEvidence,
  weighMoment,
  type Waits,
} from '../../../core/routing/hang-evidence.ts';
import { isAdmitted } from '../../../core/routing/admission.ts';
import {
  effectiveWeightOf,
  isLeaseAlive,
  tripOnHang,
  type RoutingState,
} from '../../../core/routing/routing-state.ts';

export interface SimulatedHangs {
  readonly watched: WatchedPools;
  /** `waitsNs`: until its answer begins, or its client leaves; null when it never does. */
  sent(
    request: {
      readonly pool: PoolId;
      readonly isUnsafe?: boolean;
      readonly waitsNs: bigint | null;
      readonly isLeft?: boolean;
    },
    state: RoutingState,
    nowNs: bigint,
  ): void;
  /** The state behind all moments that are known by then, tripped when the candidate hangs. */
  weigh(state: RoutingState, untilNs: bigint): RoutingState;
}

export interface WatchedPools {
  readonly deployment: number;
  readonly candidate: PoolId;
  readonly stable: PoolId;
  readonly afterMs: number;
}

/** Whom to watch under the state, and how; null when nobody. */
export function watchedUnder(state: RoutingState): WatchedPools | null {
  const { lease, stable } = state.routing;
  const afterMs = lease?.trip.hangAfterMs;
  if (!lease || stable === null || afterMs === undefined || !isLeaseAlive(state)) return null;
  return { deployment: state.token.deployment, candidate: lease.candidate, stable, afterMs };
}

export function isSameWatch(left: WatchedPools, right: WatchedPools): boolean {
  return (
    left.deployment === right.deployment &&
    left.candidate === right.candidate &&
    left.stable === right.stable &&
    left.afterMs === right.afterMs
  );
}

/** `before`: what the stable pool has done so far. */
export function createSimulatedHangs(watched: WatchedPools, before: Waits): SimulatedHangs {
  const { candidate, stable, afterMs } = watched;
  const afterNs = BigInt(afterMs) * 1_000_000n;
  const open: OpenMoment[] = [];
  let evidence = noHangEvidence(before);
  let firstLateNs: bigint | null = null;

  return {
    watched,
    sent({ pool, isUnsafe = false, waitsNs, isLeft = false }, state, nowNs) {
      if (pool !== candidate && pool !== stable) return;
      const moment = momentAt(open, nowNs, {
        stableShare: stableShareOf({
          stable: effectiveWeightOf(state, stable),
          candidate: effectiveWeightOf(state, candidate),
        }),
        isOfSafe: !isAdmitted(state, candidate),
      });
      if (!isCounted(moment, !isUnsafe)) return;
      const counts = pool === candidate ? moment.candidate : moment.stable;
      const { late } = counts;
      counts.sent += 1;
      const dueNs = dueNsOf(moment.number, afterNs);
      if (isLeft && waitsNs !== null) countLeft(counts, waitsNs, afterNs);
      else if (waitsNs === null || nowNs + waitsNs > dueNs) counts.late += 1;
      if (pool === candidate && counts.late > late) firstLateNs ??= nowNs;
    },
    weigh(state, untilNs) {
      for (let moment = open[0]; moment !== undefined; moment = open[0]) {
        const atNs = dueNsOf(moment.number, afterNs);
        if (atNs > untilNs) break;
        open.shift();
        evidence = weighMoment(evidence, moment);
        if (!isHanging(evidence)) continue;
        const found = { ...hangFound(evidence), afterMs, sinceNs: firstLateNs ?? atNs };
        return tripOnHang(state, found, atNs);
      }
      return state;
    },
  };
}
