/**
 * Evidence of one tick that the candidate is slower than the stable release by more than a margin:
 * how many responses of each lie beyond thresholds that the stable release's own past has set. Nothing is
 * assumed about the distribution, and common drift of both arms says nothing.
 */
import { bucketOf, countOf, upperBoundOf, type SparseHistogram } from '../model/histogram.ts';
import { quantileBuckets, type DenseHistogram } from '../model/dense-histogram.ts';
import { exceedanceIncrements, type Exceedances } from './exceedance-increments.ts';
import type { VerdictSettings } from './verdict-settings.ts';
import type { LatencyArms, VerdictTick } from './verdict-tick.ts';

type Latency = VerdictSettings['latency'];
type Margin = Pick<Latency, 'marginBuckets' | 'marginUs'>;

/** For each alternative of each quantile in turn; `past` is the stable release's, without this tick. */
export function latencyIncrements(
  arms: LatencyArms,
  past: DenseHistogram,
  { thresholds, ...margin }: Margin & Pick<Latency, 'thresholds'>,
): readonly number[] {
  const quantiles = thresholds.map(({ quantile }) => quantile);
  const increments: number[] = [];
  beyondThresholds(arms, past, quantiles, margin).forEach(({ candidate, stable }, at) => {
    const exceedances = { suspect: candidate, other: stable };
    increments.push(...exceedanceIncrements(exceedances, thresholds[at]?.alternatives ?? []));
  });
  return increments;
}

/**
 * For each quantile, for each alternative: that the candidate is not slower by the margin. Who left had no
 * answer within any threshold: a wait that was broken off sooner is no sign of speed.
 */
export function harmlessLatencyIncrements(
  { latency, abandoned }: Pick<VerdictTick, 'latency' | 'abandoned'>,
  past: DenseHistogram,
  { quantiles, alternatives, ...margin }: Latency['pass'],
): readonly (readonly number[])[] {
  const waited = beyondThresholds(latency, past, quantiles, margin);
  const left = abandoned && beyondThresholds(abandoned, past, quantiles, margin);
  return waited.map(({ candidate, stable }, at) =>
    exceedanceIncrements(
      {
        suspect: withoutAnswer(stable, left?.[at]?.stable),
        other: withoutAnswer(candidate, left?.[at]?.candidate),
      },
      alternatives,
    ),
  );
}

/** Those who left within the threshold are counted as if they had left beyond it. */
function withoutAnswer(
  waited: Exceedances['other'],
  left: Exceedances['other'] = NONE,
): Exceedances['other'] {
  return { ...waited, beyond: waited.beyond + left.responses - left.beyond };
}

function beyondThresholds(
  arms: LatencyArms,
  past: DenseHistogram,
  quantiles: readonly number[],
  { marginBuckets, marginUs }: Margin,
): readonly Readonly<Record<keyof LatencyArms, Exceedances['suspect']>>[] {
  const thresholds = quantiles.length === 0 ? null : quantileBuckets(past, quantiles);
  if (thresholds === null) return quantiles.map(() => ({ candidate: NONE, stable: NONE }));
  const shifted = thresholds.map((threshold) =>
    Math.max(threshold + marginBuckets, bucketOf(upperBoundOf(threshold) + marginUs)),
  );
  const stable = exceedances(arms.stable, thresholds);
  const candidate = exceedances(arms.candidate, shifted);
  return quantiles.map((_, at) => ({
    candidate: candidate[at] ?? NONE,
    stable: stable[at] ?? NONE,
  }));
}

const NONE: Exceedances['other'] = { responses: 0, beyond: 0 };

/** For each of the rising thresholds how many responses lie in buckets above it. */
function exceedances(
  histogram: SparseHistogram,
  thresholds: readonly number[],
): readonly Exceedances['suspect'][] {
  const all = countOf(histogram);
  let within = 0;
  let at = 0;
  return thresholds.map((threshold) => {
    for (let entry = histogram[at]; entry && entry[0] <= threshold; entry = histogram[(at += 1)]) {
      within += entry[1];
    }
    return { responses: all, beyond: all - within };
  });
}
