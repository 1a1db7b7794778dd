/**
 * Evidence that may begin at any tick: a weighted Shiryaev-Roberts mixture. A regression that shows
 * late is not held back by all the good ticks before it, and the error bound still covers the whole
 * deployment, however often somebody looks (Ville).
 */
import { logAddExp } from './log-add-exp.ts';

export interface RestartWeights {
  /** Weight of the evidence that begins at the first tick, from 0 to 1. */
  readonly first: number;
  /** Planned number of ticks, over which the rest is shared out. */
  readonly horizonTicks: number;
  /**
   * Part of the rest that is for evidence which begins even later, in a wait for people, say: less and less, the
   * longer it lasts. Missing in old records, and then nothing begins any more.
   */
  readonly lateShare?: number;
}

/**
 * ln R of each component behind tick number `tick` (from 1 on), from those before it and the tick's
 * increments. All weights together, however long it lasts, sum to 1 at most.
 */
export function advanceMixture(
  before: readonly number[],
  increments: readonly number[],
  tick: number,
  weights: RestartWeights,
): readonly number[] {
  const starts = Math.log(startWeight(tick, weights));
  return increments.map((increment, at) => logAddExp(before[at] ?? -Infinity, starts) + increment);
}

/** Of the evidence that begins at the tick. The late ones are those of a telescoping sum. */
export function startWeight(
  tick: number,
  { first, horizonTicks, lateShare = 0 }: RestartWeights,
): number {
  if (tick === 1) return first;
  const rest = 1 - first;
  return tick <= horizonTicks + 1
    ? (rest * (1 - lateShare)) / horizonTicks
    : (rest * lateShare * (horizonTicks + 1)) / (tick * (tick - 1));
}
