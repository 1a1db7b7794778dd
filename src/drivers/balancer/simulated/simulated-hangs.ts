/**
 * Watches how long requests of a leased candidate wait beside those of the stable release, moment by moment of
 * when they were sent, by the rules of core/routing. What becomes of a request is known when it is sent.
 */
import type { PoolId } from '../../../core/model/ids.ts';
import type { Waits } from '../../../core/routing/hang-evidence.ts';
import {
  countSent,
  countUnanswered,
  dueNsOf,
  openMoments,
  weighDue,
} from '../../../core/routing/open-moments.ts';
import { isAdmitted } from '../../../core/routing/admission.ts';
import {
  effectiveWeightOf,
  isLeaseAlive,
  tripOnHang,
  type RoutingState,
} from '../../../core/routing/routing-state.ts';

export interface SimulatedHangs {
  /** Whether it goes on as this one. What is still open beside another pool counts for nobody. */
  goesOnAs(next: WatchedPools): boolean;
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
  /** What it has done so far is usual. */
  readonly stable: PoolId;
  /** The pool of the stable release that is held against; another one when a baseline comes and goes. */
  readonly beside: PoolId;
  readonly afterMs: number;
}

/** Whom to watch under the state, and how; null when nobody. */
export function watchedUnder(state: RoutingState): WatchedPools | null {
  const { lease, stable } = state.routing;
  const afterMs = lease?.trip.hangAfterMs;
  if (!lease || stable === null || afterMs === undefined || !isLeaseAlive(state)) return null;
  const { candidate, against: beside = stable } = lease;
  return { deployment: state.token.deployment, candidate, stable, beside, afterMs };
}

/** `before`: what the stable pool has done so far. */
export function createSimulatedHangs(watched: WatchedPools, before: Waits): SimulatedHangs {
  const { deployment, candidate, stable, afterMs } = watched;
  const moments = openMoments(before, afterMs);
  const { afterNs } = moments;
  let { beside } = watched;
  let firstLateNs: bigint | null = null;

  return {
    goesOnAs(next) {
      const isSame =
        deployment === next.deployment &&
        candidate === next.candidate &&
        stable === next.stable &&
        afterMs === next.afterMs;
      if (isSame && beside !== next.beside) {
        moments.open.length = 0;
        beside = next.beside;
      }
      return isSame;
    },
    sent({ pool, isUnsafe = false, waitsNs, isLeft = false }, state, nowNs) {
      if (pool !== candidate && pool !== beside) return;
      const request = {
        arm: pool === candidate ? 'candidate' : 'stable',
        isSafe: !isUnsafe,
      } as const;
      countSent(moments, request, nowNs, {
        weights: {
          candidate: effectiveWeightOf(state, candidate),
          stable: effectiveWeightOf(state, beside),
        },
        isOfSafe: !isAdmitted(state, candidate),
      });
      const isInTime = waitsNs !== null && nowNs + waitsNs <= dueNsOf(nowNs, afterNs);
      if (isInTime && !isLeft) return;
      const isLate = countUnanswered(moments, request, nowNs, isInTime ? waitsNs : afterNs);
      if (isLate && pool === candidate) firstLateNs ??= nowNs;
    },
    weigh(state, untilNs) {
      // What becomes of a request was counted when it was sent.
      const hang = weighDue(moments, untilNs, () => 0);
      if (hang === null) return state;
      const { found, atNs } = hang;
      return tripOnHang(state, { ...found, afterMs, sinceNs: firstLateNs ?? atNs }, atNs);
    },
  };
}
