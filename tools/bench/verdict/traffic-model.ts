/**
 * Traffic as services have it: load and response times that follow the day, drift of each arm that
 * harms nobody, pauses, failures in clumps, incidents that both arms meet; and, from a tick on, a regression.
 */
import type { SparseHistogram } from '../../../src/core/model/histogram.ts';
import { bucketOf, mergeHistograms, upperBoundOf } from '../../../src/core/model/histogram.ts';
import { seededDraws, type SeededDraws } from '../../../test/support/core/seeded-draws.ts';

export interface Regression {
  readonly name: string;
  /** Shares of responses that fail, before and with it; of the candidate only. */
  readonly errors?: readonly [before: number, with_: number];
  /** By how much response times grow from the quantile on: 0.1 is a tenth. */
  readonly slower?: { readonly fromQuantile: number; readonly by: number };
}

export interface TrafficOptions {
  readonly seed: number;
  readonly candidateRps: number;
  readonly tickS: number;
  readonly errorRate: number;
  readonly regression?: Regression;
  /** Seconds after which the regression begins. */
  readonly onsetS?: number;
  /** Drift, clumps and incidents; without them arms differ by chance alone. */
  readonly isNoisy: boolean;
  /** Whether arms stand still now and then, which the published detection figures know nothing of. */
  readonly pauses?: boolean;
}

export interface ArmTraffic {
  readonly responses: number;
  /** All failed responses, and those of distinct callers. */
  readonly failed: number;
  readonly failedCallers: number;
  readonly latency: SparseHistogram;
}

export interface TrafficTick {
  readonly candidate: ArmTraffic;
  /** As large a part of the stable release as the candidate is. */
  readonly slice: ArmTraffic;
  /** The rest of it. */
  readonly rest: ArmTraffic;
}

/** The candidate's share of the traffic is a tenth, the slice's too. */
const REST_PER_CANDIDATE = 8;
const DAY_S = 86_400;
const CLUMP_MEAN = 2;
/** Short enough that a quarter of an hour averages it out, which favours judges that look that seldom. */
const ARM_DRIFT_KEEPS_S = 60;
const OCTAVE = 56;

/** Log-normal with a median of 80 ms and a p99 of 256 ms. */
const MEDIAN_US = 80_000;
const SIGMA = 0.5;
const WIDEST_SIGMAS = 4;

const FIRST = bucketOf(MEDIAN_US * Math.exp(-WIDEST_SIGMAS * SIGMA));
const LAST = bucketOf(MEDIAN_US * Math.exp(WIDEST_SIGMAS * SIGMA));

/** Share of the responses in each bucket from the first on, and up to its end. */
const SHARES = sharesOf();
const CUMULATIVE = SHARES.map(
  (
    (sum) => (share) =>
      (sum += share)
  )(0),
);

function sharesOf(): readonly number[] {
  const densities = Array.from({ length: LAST - FIRST + 1 }, (_, at) => {
    const octaves = (FIRST + at - 0.5 - bucketOf(MEDIAN_US)) / OCTAVE;
    return Math.exp(-(((octaves * Math.LN2) / SIGMA) ** 2) / 2);
  });
  const all = densities.reduce((sum, density) => sum + density, 0);
  return densities.map((density) => density / all);
}

/** Ornstein-Uhlenbeck: comes back to 0 within the time that it keeps, with this deviation. */
function drift(draws: SeededDraws, deviation: number, keepsS: number, tickS: number) {
  const kept = Math.exp(-tickS / keepsS);
  let value = deviation * draws.normal();
  return (): number => {
    value = value * kept + deviation * Math.sqrt(1 - kept * kept) * draws.normal();
    return value;
  };
}

export function createTraffic(options: TrafficOptions): { next(): TrafficTick } {
  const { seed, candidateRps, tickS, errorRate, regression, onsetS = 0, isNoisy } = options;
  const draws = seededDraws(seed);
  const startS = draws.uniform() * DAY_S;
  const common = drift(draws, isNoisy ? 0.05 : 0, 1_800, tickS);
  const ofCandidate = drift(draws, isNoisy ? 0.015 : 0, ARM_DRIFT_KEEPS_S, tickS);
  const stalls = pauses(draws, tickS, options.pauses ?? false);
  const ofStable = drift(draws, isNoisy ? 0.005 : 0, ARM_DRIFT_KEEPS_S, tickS);
  const incident = incidents(draws, tickS, isNoisy);
  let elapsedS = 0;

  function arm(given: {
    readonly responses: number;
    readonly errorRate: number;
    readonly spread: Spread;
  }): ArmTraffic {
    const expected = draws.poisson(given.responses);
    const clumps = draws.poisson((expected * given.errorRate) / (isNoisy ? CLUMP_MEAN : 1));
    let failed = 0;
    for (let clump = 0; clump < clumps; clump += 1) failed += isNoisy ? clumpSize(draws) : 1;
    const latency = stalled(
      latencies(draws, Math.max(0, expected - failed), given.spread),
      stalls(),
    );
    const answered = latency.reduce((sum, [, count]) => sum + count, 0);
    return { responses: answered + failed, failed, failedCallers: clumps, latency };
  }

  return {
    next() {
      const isBad = regression !== undefined && elapsedS >= onsetS;
      const dayTime = Math.sin((2 * Math.PI * (startS + elapsedS)) / DAY_S);
      const load = isNoisy ? 1 + 0.5 * dayTime : 1;
      const responses = candidateRps * tickS * load;
      const trouble = incident();
      const shared = (isNoisy ? 0.1 * dayTime : 0) + common() + trouble.logSlower;
      const slower = isBad ? regression.slower : undefined;
      const candidateSpread = spreadOf(shared + ofCandidate(), slower);
      const [before = errorRate, with_ = errorRate] = regression?.errors ?? [];
      const stableErrors = Math.min(1, before + trouble.errorRate);
      const stable = { errorRate: stableErrors, spread: spreadOf(shared + ofStable()) };
      elapsedS += tickS;
      return {
        candidate: arm({
          responses,
          errorRate: Math.min(1, (isBad ? with_ : before) + trouble.errorRate),
          spread: candidateSpread,
        }),
        slice: arm({ ...stable, responses }),
        rest: arm({ ...stable, responses: responses * REST_PER_CANDIDATE }),
      };
    },
  };
}

/** Every six hours on average, for some minutes, something both arms need is in trouble. */
function incidents(draws: SeededDraws, tickS: number, isNoisy: boolean) {
  let leftS = 0;
  let errorRate = 0;
  return (): { readonly errorRate: number; readonly logSlower: number } => {
    if (leftS <= 0 && isNoisy && draws.uniform() < tickS / 21_600) {
      leftS = 60 + 240 * draws.uniform();
      errorRate = 0.005 + 0.045 * draws.uniform();
    }
    if (leftS <= 0) return { errorRate: 0, logSlower: 0 };
    leftS -= tickS;
    return { errorRate, logSlower: 0.3 };
  };
}

/** Every two minutes an arm stands still for a moment, of a part of a second: a collector of garbage. */
function pauses(draws: SeededDraws, tickS: number, areThere: boolean) {
  return (): number =>
    areThere && draws.uniform() < tickS / 120 ? (0.3 * draws.uniform()) / tickS : 0;
}

/** The same answers, of which a share came a quarter of a second later. */
function stalled(histogram: SparseHistogram, share: number): SparseHistogram {
  if (share === 0) return histogram;
  const waited = histogram.map(([bucket, count]) => {
    const late = bucketOf(upperBoundOf(bucket) + PAUSE_US);
    return [late, Math.round(count * share)] as const;
  });
  const prompt = histogram.map(
    ([bucket, count]) => [bucket, count - Math.round(count * share)] as const,
  );
  return mergeHistograms([prompt, waited]).filter(([, count]) => count > 0);
}

const PAUSE_US = 250_000;

/** Geometric: one caller fails once, twice as often as is tried again. */
function clumpSize(draws: SeededDraws): number {
  let size = 1;
  while (draws.uniform() >= 1 / CLUMP_MEAN) size += 1;
  return size;
}

/** How responses are spread over buckets from the first on. */
interface Spread {
  readonly first: number;
  readonly shares: Float64Array;
}

/** The usual spread, slower by a factor of exp(`logSlower`) and by the regression. */
function spreadOf(logSlower: number, slower?: Regression['slower']): Spread {
  const moved = OCTAVE * (logSlower / Math.LN2);
  const first = FIRST + Math.floor(moved);
  const widest = slower ? Math.ceil(OCTAVE * Math.log2(1 + slower.by)) : 0;
  const shares = new Float64Array(SHARES.length + widest + 2);
  for (const [at, share] of SHARES.entries()) {
    const exact = FIRST + at + moved + OCTAVE * octavesSlower(at, slower) - first;
    const place = Math.floor(exact);
    shares[place] = (shares[place] ?? 0) + share * (1 - (exact - place));
    shares[place + 1] = (shares[place + 1] ?? 0) + share * (exact - place);
  }
  return { first, shares };
}

function latencies(draws: SeededDraws, count: number, { first, shares }: Spread): SparseHistogram {
  const histogram: (readonly [bucket: number, count: number])[] = [];
  for (const [at, share] of shares.entries()) {
    const responses = draws.poisson(count * share);
    if (responses > 0) histogram.push([first + at, responses]);
  }
  return histogram;
}

/** Grows in over the responses between the quantile and four fifths of the way to the slowest one. */
function octavesSlower(at: number, slower: Regression['slower']): number {
  if (!slower) return 0;
  const { fromQuantile, by } = slower;
  const quantile = CUMULATIVE[at] ?? 1;
  const ramp = fromQuantile === 0 ? 1 : (quantile - fromQuantile) / (0.8 * (1 - fromQuantile));
  return Math.log2(1 + by * Math.min(1, Math.max(0, ramp)));
}
