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
}

/**
 * ln R of each component behind tick number `tick` (from 1 on), from those before it and the tick's
 * increments. Weights are added until tick horizon + 1, so that they never sum to more than 1.
 */
export function advanceMixture(
  before: readonly number[],
  increments: readonly number[],
  tick: number,
  { first, horizonTicks }: RestartWeights,
): readonly number[] {
  const starts = startsAt(tick, first, horizonTicks);
  return increments.map((increment, at) => logAddExp(before[at] ?? -Infinity, starts) + increment);
}

/** ln of the weight of the evidence that begins at the tick. */
function startsAt(tick: number, first: number, horizonTicks: number): number {
  if (tick === 1) return Math.log(first);
  return tick <= horizonTicks + 1 ? Math.log((1 - first) / horizonTicks) : -Infinity;
}
