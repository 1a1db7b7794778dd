/**
 * How a service's response times are spread: log-normal or as counted, over the buckets that the balancer counts
 * them in, so that they can be moved and stretched without drawing a time for each response.
 */
import { addSparse, emptyHistogram } from '../model/dense-histogram.ts';
import { bucketOf, type SparseHistogram } from '../model/histogram.ts';
import type { DeclaredTraffic } from './declared-traffic.ts';

export interface ResponseTimes {
  readonly first: number;
  /** Only every so many buckets have any responses. */
  readonly grain: number;
  /** Share of the responses in each of those from the first on. */
  readonly shares: readonly number[];
  /** The same up to the end of each. */
  readonly cumulative: readonly number[];
}

/** How many standard deviations the slowest response lies from the median. */
const WIDEST_SIGMAS = 4;
/** Of a service whose answers all take the same time, to within a bucket. */
const SIGMA_MIN = 0.01;
/** A normal distribution's p99 in standard deviations. */
const SIGMAS_TO_P99 = 2.326_347_874;
export const OCTAVE = 56;
/** What is judged lies at the median or above: how quick those are nobody asks, two standard deviations below it. */
const QUICKEST_SHARE = 0.021;
/** Each divides the slowdown that the verdict tolerates, which then is as many buckets as ever. */
const QUICK_GRAINS = [4, 2] as const;
/** So many grains of the half of all responses in the middle are enough to tell their shape. */
const GRAINS_BETWEEN_QUARTILES = 8;

/** `sigma` is the standard deviation of the time's natural logarithm. */
export function responseTimes(medianUs: number, sigma: number): ResponseTimes {
  const middle = bucketOf(medianUs);
  const first = bucketOf(medianUs * Math.exp(-WIDEST_SIGMAS * sigma));
  const last = bucketOf(medianUs * Math.exp(WIDEST_SIGMAS * sigma));
  const densities = Array.from({ length: last - first + 1 }, (_, at) => {
    const octaves = (first + at - 0.5 - middle) / OCTAVE;
    return Math.exp(-(((octaves * Math.LN2) / sigma) ** 2) / 2);
  });
  return spreadLike(densities, { first, grain: 1 });
}

/** Coarse enough to be quick. Log-normal where no more is known than the median and the p99. */
export function responseTimesOf({
  latencyMs: { p50, p99 },
  counted,
}: Pick<DeclaredTraffic, 'latencyMs' | 'counted'>): ResponseTimes {
  const sigma = Math.max(SIGMA_MIN, Math.log(p99 / p50) / SIGMAS_TO_P99);
  return coarse(
    withoutQuickest(counted ? countedTimes(counted) : responseTimes(p50 * 1_000, sigma)),
  );
}

/** As they were counted, whatever their shape. */
function countedTimes(counted: SparseHistogram): ResponseTimes {
  const { first, counts } = addSparse(emptyHistogram, counted);
  return spreadLike(counts, { first, grain: 1 });
}

function spreadLike(
  weights: readonly number[],
  { first, grain }: Pick<ResponseTimes, 'first' | 'grain'>,
): ResponseTimes {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => weight / all);
  let upTo = 0;
  return { first, grain, shares, cumulative: shares.map((share) => (upTo += share)) };
}

/** All of the quickest are as quick as the slowest of them. */
function withoutQuickest({ first, grain, shares, cumulative }: ResponseTimes): ResponseTimes {
  const at = cumulative.findIndex((upTo) => upTo >= QUICKEST_SHARE);
  return {
    ...{ first: first + at * grain, grain },
    shares: [cumulative[at] ?? 0, ...shares.slice(at + 1)],
    cumulative: cumulative.slice(at),
  };
}

/** Neighbouring buckets taken together, as many as the middle of the spread bears. */
function coarse({ first, shares, cumulative }: ResponseTimes): ResponseTimes {
  const placeOf = (quantile: number) => cumulative.findIndex((upTo) => upTo >= quantile);
  const middle = placeOf(0.75) - placeOf(0.25);
  const grain = QUICK_GRAINS.find((wide) => middle >= wide * GRAINS_BETWEEN_QUARTILES) ?? 1;
  const together = new Array<number>(Math.ceil(shares.length / grain)).fill(0);
  for (const [at, share] of shares.entries()) {
    const place = Math.floor(at / grain);
    together[place] = (together[place] ?? 0) + share;
  }
  // Where the middle of the first of them lies.
  return spreadLike(together, { first: first + (grain - 1) / 2, grain });
}
