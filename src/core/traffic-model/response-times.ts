/**
 * How a service's response times are spread: log-normal, over the buckets that the balancer counts
 * them in, so that they can be moved and stretched without drawing a time for each response.
 */
import { bucketOf } from '../model/histogram.ts';

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

/** `sigma` is the standard deviation of the time's natural logarithm. */
export function responseTimes(medianUs: number, sigma: number, grain = 1): ResponseTimes {
  const middle = bucketOf(medianUs);
  const first = bucketOf(medianUs * Math.exp(-WIDEST_SIGMAS * sigma));
  const last = bucketOf(medianUs * Math.exp(WIDEST_SIGMAS * sigma));
  const length = Math.floor((last - first) / grain) + 1;
  const densities = Array.from({ length }, (_, at) => {
    const octaves = (first + at * grain - 0.5 - middle) / OCTAVE;
    return Math.exp(-(((octaves * Math.LN2) / sigma) ** 2) / 2);
  });
  const all = densities.reduce((sum, density) => sum + density, 0);
  const shares = densities.map((density) => density / all);
  let sum = 0;
  return { first, grain, shares, cumulative: shares.map((share) => (sum += share)) };
}

/** Of a service with this median and p99, in milliseconds. */
export function responseTimesOf({ p50, p99 }: { readonly p50: number; readonly p99: number }) {
  const sigma = Math.max(SIGMA_MIN, Math.log(p99 / p50) / SIGMAS_TO_P99);
  return responseTimes(p50 * 1_000, sigma, QUICK_GRAIN);
}
