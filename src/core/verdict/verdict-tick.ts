/** What both arms did in one closed tick. A closed tick never changes; what comes later is dropped. */
import { countOf, type SparseHistogram } from '../model/histogram.ts';
import type { DispersionCounts } from './dispersion.ts';
import type { ErrorCounts } from './error-counts.ts';

export type LatencyArms = Readonly<Record<'candidate' | 'stable', SparseHistogram>>;

export interface VerdictTick {
  /** Unique and rising, from 1 on. */
  readonly number: number;
  /** The same units for all: whole numbers from raw counters, failures by distinct callers. */
  readonly errors: ErrorCounts;
  /** A fixed slice of the stable release's instances. */
  readonly slice: Pick<DispersionCounts, 'sliceResponses' | 'sliceFailures'>;
  /** Waits for successful responses, or until a client left, in microseconds, sorted by bucket. */
  readonly latency: LatencyArms;
  /** Of those, the waits that ended with the client leaving; missing when all were answered. */
  readonly abandoned?: LatencyArms;
  /** For each gauge whose block has ended with this tick: its difference less the margin. */
  readonly gauges?: Readonly<Record<string, number>>;
}

/** One of which nothing is known. */
export function emptyTick(number: number): VerdictTick {
  return {
    number,
    errors: {
      ...{ candidateResponses: 0, candidateFailures: 0 },
      ...{ stableResponses: 0, stableFailures: 0 },
    },
    slice: { sliceResponses: 0, sliceFailures: 0 },
    latency: { candidate: [], stable: [] },
  };
}

/** Why a tick can't be used; null when it can. A counter that was reset shows as a negative number. */
export function tickProblem(tick: VerdictTick): string | null {
  const { errors, slice, latency, abandoned, gauges } = tick;
  const notCounted = problemOfCounts(errors) ?? problemOfCounts(slice);
  if (notCounted !== null) return notCounted;
  if (errors.candidateFailures > errors.candidateResponses) {
    return `${errors.candidateFailures} failures in ${errors.candidateResponses} responses of the candidate`;
  }
  if (errors.stableFailures > errors.stableResponses) {
    return `${errors.stableFailures} failures in ${errors.stableResponses} responses of the stable release`;
  }
  if (
    slice.sliceResponses > errors.stableResponses ||
    slice.sliceFailures > errors.stableFailures
  ) {
    return 'the slice of the stable release has more than all of it';
  }
  for (const [arm, histogram] of Object.entries(latency)) {
    if (!holdsCounts(histogram)) {
      return `the response times of ${arm} hold what is no count`;
    }
  }
  if (abandoned && !isPartOf(abandoned, latency)) return 'more clients left than waited';
  for (const [name, value] of Object.entries(gauges ?? {})) {
    if (!Number.isFinite(value)) return `the gauge ${name} is ${value}`;
  }
  return null;
}

function problemOfCounts<Name extends string>(
  counts: Readonly<Record<Name, number>>,
): string | null {
  for (const name in counts) {
    const value = counts[name];
    if (!Number.isSafeInteger(value) || value < 0) {
      return `${name} is ${value}, and must be a whole number of 0 or more`;
    }
  }
  return null;
}

function isPartOf(some: LatencyArms, all: LatencyArms): boolean {
  const isPart = (arm: keyof LatencyArms): boolean =>
    holdsCounts(some[arm]) && countOf(some[arm]) <= countOf(all[arm]);
  return isPart('candidate') && isPart('stable');
}

function holdsCounts(histogram: SparseHistogram): boolean {
  for (const entry of histogram) {
    if (!Number.isSafeInteger(entry[1]) || entry[1] < 0) return false;
  }
  return true;
}
