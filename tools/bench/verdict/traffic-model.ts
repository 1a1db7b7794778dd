/**
 * Traffic as services have it: load and response times that follow the day, drift of each arm that
 * harms nobody, pauses, failures in clumps, incidents that both arms meet; and, from a tick on, a regression.
 */
import type { SparseHistogram } from '../../../src/core/model/histogram.ts';
import { bucketOf, mergeHistograms, upperBoundOf } from '../../../src/core/model/histogram.ts';
import { CLUMP_MEAN, clumpSize } from '../../../src/core/traffic-model/clump-size.ts';
import type { Draws } from '../../../src/core/traffic-model/draws.ts';
import { driftOn, drifts, type DriftKind } from '../../../src/core/traffic-model/drift.ts';
import type { Regression } from '../../../src/core/traffic-model/regression.ts';
import { responseTimes } from '../../../src/core/traffic-model/response-times.ts';
import {
  drawLatencies,
  octavesSlower,
  spreadOf,
  type Spread,
} from '../../../src/core/traffic-model/spread-of.ts';
import { seededDraws } from '../../../test/support/core/seeded-draws.ts';

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

/** Log-normal with a median of 80 ms and a p99 of 256 ms. */
const TIMES = responseTimes(80_000, 0.5);

/** What a drift comes to, tick by tick; nothing where arms differ by chance alone. */
function drift(draws: Draws, kind: DriftKind, tickS: number, isNoisy: boolean) {
  const { keepsS } = kind;
  const deviation = isNoisy ? kind.deviation : 0;
  let value = deviation * draws.normal();
  return (): number => (value = driftOn(draws, { deviation, keepsS }, value, tickS));
}

export function createTraffic(options: TrafficOptions): { next(): TrafficTick } {
  const { seed, candidateRps, tickS, errorRate, regression, onsetS = 0, isNoisy } = options;
  const draws = seededDraws(seed);
  const startS = draws.uniform() * DAY_S;
  const common = drift(draws, drifts.common, tickS, isNoisy);
  const ofCandidate = drift(draws, drifts.candidate, tickS, isNoisy);
  const stalls = pauses(draws, tickS, options.pauses ?? false);
  const ofStable = drift(draws, drifts.stable, tickS, isNoisy);
  const incident = incidents(draws, tickS, isNoisy);
  const slowerWith = octavesSlower(TIMES, regression?.slower);
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
      drawLatencies(draws, Math.max(0, expected - failed), given.spread),
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
      const octaves = isBad ? slowerWith : [];
      const candidateSpread = spreadOf(TIMES, shared + ofCandidate(), octaves);
      const [before = errorRate, with_ = errorRate] = regression?.errors ?? [];
      const stableErrors = Math.min(1, before + trouble.errorRate);
      const stable = { errorRate: stableErrors, spread: spreadOf(TIMES, shared + ofStable()) };
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
function incidents(draws: Draws, tickS: number, isNoisy: boolean) {
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
function pauses(draws: Draws, tickS: number, areThere: boolean) {
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
