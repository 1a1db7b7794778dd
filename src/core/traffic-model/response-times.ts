/**
 * How a service's response times are spread: log-normal or as counted, over the buckets that the balancer counts
 * them in, so that they can be moved and stretched without drawing a time for each response.
 */
import { bucketOf, countOf, type SparseHistogram } from '../model/histogram.ts';
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

/** How many standard deviations the slowest and the quickest response lie from the median. */
const WIDEST_SIGMAS = 4;
/** Of a service whose answers all take the same time, to within a bucket. */
const SIGMA_MIN = 0.01;
/** A normal distribution's p99 in standard deviations. */
const SIGMAS_TO_P99 = 2.326_347_874;
export const OCTAVE = 56;

interface Detail {
  readonly grain: number;
  /** Whoever is quicker by more standard deviations is as quick as that. */
  readonly quickestSigmas: number;
}

const FULL: Detail = { grain: 1, quickestSigmas: WIDEST_SIGMAS };
/**
 * Coarse enough to be quick, and no coarser than half of the slowdown that the verdict tolerates. What is
 * judged lies at the median or above: nobody asks how quick the quickest fortieth are.
 */
const QUICK: Detail = { grain: 2, quickestSigmas: 2 };
/** So many are that quick. */
const QUICKEST_SHARE = 1 / 40;

/** `sigma` is the standard deviation of the time's natural logarithm. */
export function responseTimes(medianUs: number, sigma: number, detail = FULL): ResponseTimes {
  const { grain, quickestSigmas } = detail;
  const bucketAt = (sigmas: number): number => bucketOf(medianUs * Math.exp(sigmas * sigma));
  const [lowest, middle, last] = [bucketAt(-WIDEST_SIGMAS), bucketAt(0), bucketAt(WIDEST_SIGMAS)];
  const length = Math.floor((last - lowest) / grain) + 1;
  const densities = Array.from({ length }, (_, at) => {
    const octaves = (lowest + at * grain - 0.5 - middle) / OCTAVE;
    return Math.exp(-(((octaves * Math.LN2) / sigma) ** 2) / 2);
  });
  const all = sum(densities);
  const quicker = Math.floor((bucketAt(-quickestSigmas) - lowest) / grain);
  const [quickest = 0, ...slower] = densities.slice(quicker);
  const kept = [sum(densities.slice(0, quicker)) + quickest, ...slower];
  const shares = kept.map((density) => density / all);
  return { first: lowest + quicker * grain, grain, shares, cumulative: addedUp(shares) };
}

function addedUp(shares: readonly number[]): readonly number[] {
  let upTo = 0;
  return shares.map((share) => (upTo += share));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** As they were counted, whatever their shape. */
function countedTimes(counted: SparseHistogram): ResponseTimes {
  const { grain } = QUICK;
  const answers = countOf(counted);
  const [first, last] = [bucketWithin(counted, QUICKEST_SHARE * answers), counted.at(-1)?.[0]];
  const length = Math.floor(((last ?? first) - first) / grain) + 1;
  const shares = new Array<number>(length).fill(0);
  for (const [bucket, count] of counted) {
    const at = Math.floor(Math.max(0, bucket - first) / grain);
    shares[at] = (shares[at] ?? 0) + count / answers;
  }
  return { first, grain, shares, cumulative: addedUp(shares) };
}

/** The first up to which there are so many. */
function bucketWithin(counted: SparseHistogram, answers: number): number {
  let seen = 0;
  return counted.find(([, count]) => (seen += count) >= answers)?.[0] ?? 0;
}

/** Log-normal where no more is known than the median and the p99. */
export function responseTimesOf({
  latencyMs,
  counted,
}: Pick<DeclaredTraffic, 'latencyMs' | 'counted'>) {
  if (counted !== undefined) return countedTimes(counted);
  const { p50, p99 } = latencyMs;
  const sigma = Math.max(SIGMA_MIN, Math.log(p99 / p50) / SIGMAS_TO_P99);
  return responseTimes(p50 * 1_000, sigma, QUICK);
}
