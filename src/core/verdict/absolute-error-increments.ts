/**
 * Evidence of one tick against "at most `rate` of the candidate's responses fail", for each alternative,
 * "a times as many do".
 */
import type { ErrorCounts } from './error-counts.ts';

/**
 * `tempering` is above 0 and at most 1, and known before the tick. Expected value of exp(increment)
 * under the null: at most 1. Source: ratio of Poisson likelihoods.
 */
export function absoluteErrorIncrements(
  { candidateResponses, candidateFailures }: ErrorCounts,
  null_: { readonly rate: number; readonly alternatives: readonly number[] },
  tempering: number,
): readonly number[] {
  return null_.alternatives.map((times) => {
    const gain = candidateFailures === 0 ? 0 : candidateFailures * Math.log(times);
    return tempering * (gain - candidateResponses * null_.rate * (times - 1));
  });
}
