/**
 * Evidence of one tick against "the candidate fails at most `ratio` times as often as the stable
 * release": given all failures of a tick, the candidate's share of them is binomial. One increment of
 * ln E for each alternative, "it fails a times as often as is tolerated".
 */
import type { ErrorCounts } from './error-counts.ts';

/**
 * `tempering` is above 0 and at most 1, and known before the tick. All 0 while an arm has no responses.
 * Expected value of exp(increment) under the null: at most 1, tick by tick, whatever the split.
 * Source: Poisson counts conditioned on their sum; log1p form, since 1 - p1 cancels.
 */
export function relativeErrorIncrements(
  counts: ErrorCounts,
  null_: { readonly ratio: number; readonly alternatives: readonly number[] },
  tempering: number,
): readonly number[] {
  const { candidateResponses, stableResponses, candidateFailures, stableFailures } = counts;
  const { ratio, alternatives } = null_;
  if (candidateResponses === 0 || stableResponses === 0) return alternatives.map(() => 0);
  const tolerated = ratio * candidateResponses;
  const share = tolerated / (tolerated + stableResponses);
  const failures = candidateFailures + stableFailures;
  return alternatives.map((times) => {
    const gain = candidateFailures === 0 ? 0 : candidateFailures * Math.log(times);
    return tempering * (gain - failures * Math.log1p(share * (times - 1)));
  });
}
