/**
 * What a candidate has done since its step began, and before as far as the balancer remembered it then,
 * added up so that a gate of days needs no more memory than one of seconds: only the last seconds, which
 * may be reported again, are kept apart.
 */
import { addSparse, emptyHistogram, type DenseHistogram } from '../model/dense-histogram.ts';
import type { TrafficSample } from '../model/traffic-sample.ts';

export interface TrafficTotals {
  readonly requests: number;
  /** Answered wrongly or not at all, whether or not a client saw it. */
  readonly failures: number;
  /** Requests under each routing, by the sequence of its token. */
  readonly bySequence: Readonly<Record<number, number>>;
  readonly latency: DenseHistogram;
  readonly abandonedWaits: DenseHistogram;
}

export interface CandidateTraffic {
  /** Of seconds that no longer change. */
  readonly settled: TrafficTotals;
  /** Each bucket once, in its latest form. */
  readonly unsettled: readonly TrafficSample[];
  /** Where the unsettled seconds begin: what to ask the balancer for. */
  readonly fromSecond: number;
}

const NOTHING: TrafficTotals = {
  requests: 0,
  failures: 0,
  bySequence: {},
  latency: emptyHistogram,
  abandonedWaits: emptyHistogram,
};

export const noTraffic: CandidateTraffic = { settled: NOTHING, unsettled: [], fromSecond: 0 };

/** Buckets of closed seconds no longer change; the margin covers the one that just closed. */
const UNSETTLED_SECONDS = 2;

/** `samples` of the candidate, as they were reported now; those of settled seconds are known already. */
export function observeCandidate(
  { settled, unsettled, fromSecond }: CandidateTraffic,
  samples: readonly TrafficSample[],
): CandidateTraffic {
  const latest = new Map(unsettled.map((sample) => [keyOf(sample), sample]));
  let last = fromSecond + UNSETTLED_SECONDS;
  for (const sample of samples) {
    if (sample.second < fromSecond) continue;
    latest.set(keyOf(sample), sample);
    last = Math.max(last, sample.second);
  }
  const next = last - UNSETTLED_SECONDS;
  const known = [...latest.values()];
  const closed = known.filter(({ second }) => second < next);
  return {
    settled: addTraffic(settled, closed),
    unsettled: known.filter(({ second }) => second >= next),
    fromSecond: next,
  };
}

/** All of it, the running second included. */
export function totalsOf({ settled, unsettled }: CandidateTraffic): TrafficTotals {
  return addTraffic(settled, unsettled);
}

/** What a candidate answered wrongly or not at all, whether or not a client saw it. */
export function failuresOf(sample: TrafficSample): number {
  return sample.serverErrors + sample.connectErrors + sample.timeouts + sample.resets;
}

export function addTraffic(
  before: TrafficTotals,
  samples: readonly TrafficSample[],
): TrafficTotals {
  if (samples.length === 0) return before;
  const bySequence: Record<number, number> = { ...before.bySequence };
  let { requests, failures, latency, abandonedWaits } = before;
  for (const sample of samples) {
    const { sequence } = sample.token;
    bySequence[sequence] = (bySequence[sequence] ?? 0) + sample.requests;
    requests += sample.requests;
    failures += failuresOf(sample);
    latency = addSparse(latency, sample.latency);
    abandonedWaits = addSparse(abandonedWaits, sample.abandonedWaits);
  }
  return { requests, failures, bySequence, latency, abandonedWaits };
}

function keyOf({ epoch, second, token }: TrafficSample): string {
  return `${epoch} ${second} ${token.sequence}`;
}
