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
/** Coarse enough to be quick, and no coarser than half of the slowdown that the verdict tolerates. */
const QUICK_GRAIN = 2;
/** What is judged lies at the median or above: how quick those are nobody asks, two standard deviations below it. */
const QUICKEST_SHARE = 0.021;

/** `sigma` is the standard deviation of the time's natural logarithm. */
export function responseTimes(medianUs: number, sigma: number, grain = 1): ResponseTimes {
  const middle = bucketOf(medianUs);
  const first = bucketOf(medianUs * Math.exp(-WIDEST_SIGMAS * sigma));
  const last = bucketOf(medianUs * Math.exp(WIDEST_SIGMAS * sigma));
  const densities = Array.from({ length: Math.floor((last - first) / grain) + 1 }, (_, at) => {
    const octaves = (first + at * grain - 0.5 - middle) / OCTAVE;
    return Math.exp(-(((octaves * Math.LN2) / sigma) ** 2) / 2);
  });
  return spreadLike(densities, { first, grain });
}

/** Log-normal where no more is known than the median and the p99. */
export function responseTimesOf({
  latencyMs: { p50, p99 },
  counted,
}: Pick<DeclaredTraffic, 'latencyMs' | 'counted'>): ResponseTimes {
  if (counted !== undefined) return withoutQuickest(countedTimes(counted));
  const sigma = Math.max(SIGMA_MIN, Math.log(p99 / p50) / SIGMAS_TO_P99);
  return withoutQuickest(responseTimes(p50 * 1_000, sigma, QUICK_GRAIN));
}

/** As they were counted, whatever their shape. */
function countedTimes(counted: SparseHistogram): ResponseTimes {
  const { first, counts } = addSparse(emptyHistogram, counted);
  const coarse = new Array<number>(Math.ceil(counts.length / QUICK_GRAIN)).fill(0);
  for (const [at, count] of counts.entries()) {
    const place = Math.floor(at / QUICK_GRAIN);
    coarse[place] = (coarse[place] ?? 0) + count;
  }
  return spreadLike(coarse, { first, grain: QUICK_GRAIN });
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
