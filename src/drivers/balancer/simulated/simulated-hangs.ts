/**
 * Watches how long requests of a leased candidate wait beside those of the stable release, moment by moment of
 * when they were sent, by the rules of core/routing. What becomes of a request is known when it is sent.
 */
import type { PoolId } from '../../../core/model/ids.ts';
import type { Waits } from '../../../core/routing/hang-evidence.ts';
import {
  armOf,
  countSent,
  countUnanswered,
  dueNsOf,
  goOnUnder,
  openMoments,
  weighDue,
} from '../../../core/routing/open-moments.ts';
import { isAdmitted } from '../../../core/routing/admission.ts';
import {
  effectiveWeightOf,
  tripOnHang,
  type RoutingState,
} from '../../../core/routing/routing-state.ts';
import type { WatchedPools } from '../../../core/routing/watched-pools.ts';

export interface SimulatedHangs {
  /** Whether it goes on under the next split. */
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

/** `before`: what the stable pool has done so far. */
export function createSimulatedHangs(watched: WatchedPools, before: Waits): SimulatedHangs {
  const { candidate, afterMs } = watched;
  const moments = openMoments(watched, before);
  const { afterNs } = moments;
  let firstLateNs: bigint | null = null;

  return {
    goesOnAs: (next) => goOnUnder(moments, next),
    sent({ pool, isUnsafe = false, waitsNs, isLeft = false }, state, nowNs) {
      const arm = armOf(moments, pool);
      if (arm === null) return;
      const request = { arm, isSafe: !isUnsafe };
      countSent(moments, request, nowNs, {
        weights: {
          candidate: effectiveWeightOf(state, candidate),
          stable: effectiveWeightOf(state, moments.watched.beside),
        },
        isOfSafe: !isAdmitted(state, candidate),
      });
      const isInTime = waitsNs !== null && nowNs + waitsNs <= dueNsOf(nowNs, afterNs);
      if (isInTime && !isLeft) return;
      const isLate = countUnanswered(moments, request, nowNs, isInTime ? waitsNs : afterNs);
      if (isLate && arm === 'candidate') firstLateNs ??= nowNs;
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
