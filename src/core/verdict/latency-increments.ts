/**
 * Evidence of one tick that the candidate is slower than the stable release by more than a margin:
 * how many responses of each lie beyond thresholds that the stable release's own past has set. Nothing is
 * assumed about the distribution, and common drift of both arms says nothing.
 */
import { countAbove, countOf, quantileBucketOf, type SparseHistogram } from '../model/histogram.ts';
import { exceedanceIncrements, type Exceedances } from './exceedance-increments.ts';

export interface LatencyArms {
  readonly candidate: SparseHistogram;
  readonly stable: SparseHistogram;
}

/** For each quantile, for each alternative; `past` is the stable release's, without this tick. */
export function latencyIncrements(
  arms: LatencyArms,
  past: SparseHistogram,
  options: {
    readonly quantiles: readonly number[];
    readonly marginBuckets: number;
    readonly alternatives: readonly number[];
  },
): readonly number[] {
  const { quantiles, marginBuckets, alternatives } = options;
  return quantiles.flatMap((quantile) => {
    const { candidate, stable } = beyondThreshold(arms, past, { quantile, marginBuckets });
    return exceedanceIncrements({ suspect: candidate, other: stable }, alternatives);
  });
}

/** For each quantile, for each alternative: that the candidate is not slower by the harmful margin. */
export function harmlessLatencyIncrements(
  arms: LatencyArms,
  past: SparseHistogram,
  options: {
    readonly quantiles: readonly number[];
    readonly harmBuckets: number;
    readonly alternatives: readonly number[];
  },
): readonly (readonly number[])[] {
  const { quantiles, harmBuckets, alternatives } = options;
  return quantiles.map((quantile) => {
    const beyond = beyondThreshold(arms, past, { quantile, marginBuckets: harmBuckets });
    return exceedanceIncrements({ suspect: beyond.stable, other: beyond.candidate }, alternatives);
  });
}

function beyondThreshold(
  { candidate, stable }: LatencyArms,
  past: SparseHistogram,
  { quantile, marginBuckets }: { readonly quantile: number; readonly marginBuckets: number },
): { readonly candidate: Exceedances['suspect']; readonly stable: Exceedances['other'] } {
  const threshold = quantileBucketOf(past, quantile);
  if (threshold === null) return { candidate: NONE, stable: NONE };
  return {
    candidate: {
      responses: countOf(candidate),
      beyond: countAbove(candidate, threshold + marginBuckets),
    },
    stable: { responses: countOf(stable), beyond: countAbove(stable, threshold) },
  };
}

const NONE: Exceedances['other'] = { responses: 0, beyond: 0 };
