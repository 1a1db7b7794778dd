/**
 * Whether a load was what it should be, or its generator was the limit. A target that is slow keeps connections busy and
 * requests waiting; that is its own doing.
 */
import type { GeneratorState } from '../validation/fact.ts';
import { counted } from '../words/counted.ts';
import { showDuration } from '../words/show-duration.ts';
import { showNumber } from '../words/show-number.ts';

export interface GeneratorFigures {
  readonly requests: number;
  /** How much later than intended requests were taken up, at p99; what waits for a connection is not in it. */
  readonly lagP99Ms: number;
  /** Processor time by time, 1 for a whole core. */
  readonly cpuShare: number;
  /** How much of the time the event loop was busy. */
  readonly loopShare: number;
  /** Connections that this side had no files, ports or memory for. */
  readonly ownFailures: number;
  readonly connectionsMax: number;
  /** Requests that found every connection busy. */
  readonly waited: number;
  /** What those took, in the median, that they had to wait for; null when none had to. */
  readonly waitedForMs: number | null;
  /** The quickest answer, from its request's real start; null without any. */
  readonly serviceMinMs: number | null;
}

const LAG_P99_MS_MAX = 100;
const BUSY_SHARE_MAX = 0.95;
const WAITED_SHARE_MAX = 0.01;
/** So many times as long as its quickest answer, or as long as that: the target is slow, or has become so. */
const SLOWED_FACTOR = 10;
const SLOW_MS = 1_000;

export function judgeGenerator(figures: GeneratorFigures): GeneratorState {
  const trouble = troubleOf(figures);
  return { keptUp: trouble === null, observed: trouble ?? allWell(figures) };
}

function troubleOf(figures: GeneratorFigures): string | null {
  const { requests, lagP99Ms, cpuShare, loopShare, ownFailures } = figures;
  if (requests === 0) return 'It sent nothing.';
  if (ownFailures > 0) {
    return `It had no files or ports left for ${counted(ownFailures, 'connection')}.`;
  }
  const busyShare = Math.max(cpuShare, loopShare);
  if (busyShare >= BUSY_SHARE_MAX) {
    return `It was busy for ${percent(busyShare)} of the time, which is all that one core can do.`;
  }
  if (!(lagP99Ms <= LAG_P99_MS_MAX)) {
    return `Requests were sent ${showDuration(lagP99Ms)} late at p99, where ${showDuration(LAG_P99_MS_MAX)} are allowed.`;
  }
  return lackOfConnections(figures);
}

function lackOfConnections(figures: GeneratorFigures): string | null {
  const { requests, connectionsMax, waited, waitedForMs, serviceMinMs } = figures;
  if (waited <= requests * WAITED_SHARE_MAX || waitedForMs === null) return null;
  const isSlow = waitedForMs >= Math.min(SLOW_MS, (serviceMinMs ?? 0) * SLOWED_FACTOR);
  if (isSlow) return null;
  return `With ${counted(connectionsMax, 'connection')} at most, ${counted(waited, 'request')} had to wait for one, while answers took ${showDuration(waitedForMs)} only.`;
}

function allWell({ lagP99Ms, cpuShare, waited }: GeneratorFigures): string {
  const waiting =
    waited === 0
      ? ''
      : `; ${counted(waited, 'request')} waited for a connection, since the target was slow`;
  return `Requests were sent at most ${showDuration(lagP99Ms)} late at p99, with ${percent(cpuShare)} of a core${waiting}.`;
}

function percent(share: number): string {
  return `${showNumber(Math.round(share * 100))} %`;
}
