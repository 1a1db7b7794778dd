/**
 * A candidate and the stable release under the same clients: what both answer in a while. Response
 * times drift, failures come in clumps, and the candidate does whatever its conduct is.
 */
import type { SparseHistogram } from '../model/histogram.ts';
import { CLUMP_MEAN, clumpSize } from './clump-size.ts';
import type { Conduct } from './conduct.ts';
import type { DeclaredTraffic } from './declared-traffic.ts';
import type { Draws } from './draws.ts';
import { driftOn, drifts } from './drift.ts';
import { responseTimesOf, type ResponseTimes } from './response-times.ts';
import { drawLatencies, octavesSlower, roomOf, spreadOf, type Spread } from './spread-of.ts';

/** What both meet, whoever answers: something that they need is in trouble. */
export interface SharedTrouble {
  readonly errorRate: number;
  /** Response times grow by a factor of exp of it. */
  readonly logSlower: number;
}

export interface DrawnArm {
  readonly responses: number;
  readonly failed: number;
  /** Distinct ones. */
  readonly failedCallers: number;
  /** Requests that will never be answered; in no other figure. */
  readonly hung: number;
  /** Of the answers that did not fail. */
  readonly latency: SparseHistogram;
}

export interface ModelledService {
  /** What was answered in `seconds`, of which the candidate had the share `share`, from 0 to 1. */
  draw(seconds: number, share: number, trouble: SharedTrouble | null): DrawnTraffic;
  /** Response times of the stable release in the quarter of an hour before, as they are now. */
  before(): SparseHistogram;
}

export interface DrawnTraffic {
  readonly candidate: DrawnArm;
  readonly stable: DrawnArm;
}

const NOTHING: DrawnArm = { responses: 0, failed: 0, failedCallers: 0, hung: 0, latency: [] };
const BEFORE_S = 900;

/** Without a comparison nobody asks how fast the stable release is, which is most of the work. */
export function modelledService(
  traffic: DeclaredTraffic,
  conduct: Conduct,
  given: {
    readonly draws: Draws;
    readonly isCompared: boolean;
    /** Of the traffic, if they are known already. */
    readonly times?: ResponseTimes | undefined;
  },
): ModelledService {
  const { draws, isCompared, times = responseTimesOf(traffic) } = given;
  const octaves = octavesSlower(times, conduct.slower);
  const rooms = { candidate: roomOf(times, octaves), stable: roomOf(times, []) };
  const [usual = traffic.errorRate, errorRate = traffic.errorRate] = conduct.errors ?? [];
  let common = drifts.common.deviation * draws.normal();
  let ofCandidate = drifts.candidate.deviation * draws.normal();
  let ofStable = drifts.stable.deviation * draws.normal();
  return {
    draw(seconds, share, trouble) {
      common = driftOn(draws, drifts.common, common, seconds);
      ofCandidate = driftOn(draws, drifts.candidate, ofCandidate, seconds);
      ofStable = driftOn(draws, drifts.stable, ofStable, seconds);
      const requests = traffic.requestsPerSecond * seconds;
      const shared = common + (trouble?.logSlower ?? 0);
      const more = trouble?.errorRate ?? 0;
      return {
        candidate: drawArm(draws, {
          requests: requests * share,
          errorRate: errorRate + more,
          hangs: conduct.hangs ?? 0,
          spread: spreadOf(times, shared + ofCandidate, octaves, rooms.candidate),
        }),
        stable: drawArm(draws, {
          requests: requests * (1 - share),
          errorRate: usual + more,
          hangs: 0,
          spread: isCompared ? spreadOf(times, shared + ofStable, [], rooms.stable) : null,
        }),
      };
    },
    before() {
      const { first, grain, shares } = spreadOf(times, common);
      const mean = traffic.requestsPerSecond * BEFORE_S;
      return Array.from(
        shares,
        (share, at) => [first + at * grain, Math.round(mean * share)] as const,
      ).filter(([, count]) => count > 0);
    },
  };
}

function drawArm(
  draws: Draws,
  given: {
    readonly requests: number;
    readonly errorRate: number;
    readonly hangs: number;
    /** Null where nobody asks how long answers took. */
    readonly spread: Spread | null;
  },
): DrawnArm {
  const { requests, hangs, spread } = given;
  if (requests <= 0) return NOTHING;
  const failedCallers = draws.poisson((requests * Math.min(1, given.errorRate)) / CLUMP_MEAN);
  let failed = 0;
  for (let clump = 0; clump < failedCallers; clump += 1) failed += clumpSize(draws);
  const hung = hangs > 0 ? draws.poisson(requests * hangs) : 0;
  const answered = Math.max(0, requests * (1 - hangs) - failed);
  if (spread === null) {
    const responses = failed + draws.poisson(answered);
    return { responses, failed, failedCallers, hung, latency: [] };
  }
  const latency = drawLatencies(draws, answered, spread);
  let responses = failed;
  for (const entry of latency) responses += entry[1];
  return { responses, failed, failedCallers, hung, latency };
}
