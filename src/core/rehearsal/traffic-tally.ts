/**
 * The candidate's samples of a rehearsed deployment, added up as the gate adds them up: one for all
 * earlier splits, one for the split in force, so that a look costs the same after an hour as after a second.
 */
import type { SparseHistogram } from '../model/histogram.ts';
import type { TrafficSample } from '../model/traffic-sample.ts';

interface Counts {
  requests: number;
  serverErrors: number;
  connectErrors: number;
  timeouts: number;
}

export interface TrafficTally {
  add(sample: TrafficSample): void;
  /** Of equal sums as all that were added. */
  samples(): readonly TrafficSample[];
}

export function trafficTally(): TrafficTally {
  const latency: [bucket: number, count: number][] = [];
  let earlier: TrafficSample | null = null;
  let current: (Omit<TrafficSample, keyof Counts> & Counts) | null = null;
  return {
    add(sample) {
      if (current !== null && current.token.sequence === sample.token.sequence) {
        addCounts(current, sample);
      } else {
        earlier = current && withCounts({ ...current, latency: [] }, earlier);
        current = { ...sample, latency };
      }
      addTo(latency, sample.latency);
    },
    samples: () => [earlier, current].filter((sample) => sample !== null),
  };
}

function withCounts(sample: TrafficSample & Counts, added: TrafficSample | null): TrafficSample {
  if (added) addCounts(sample, added);
  return sample;
}

function addCounts(to: Counts, { requests, serverErrors, connectErrors, timeouts }: TrafficSample) {
  to.requests += requests;
  to.serverErrors += serverErrors;
  to.connectErrors += connectErrors;
  to.timeouts += timeouts;
}

/** Both sorted by bucket. */
function addTo(to: [bucket: number, count: number][], added: SparseHistogram): void {
  let at = 0;
  for (const [bucket, count] of added) {
    for (let entry = to[at]; entry !== undefined && entry[0] < bucket; entry = to[at]) at += 1;
    const entry = to[at];
    if (entry?.[0] === bucket) entry[1] += count;
    else to.splice(at, 0, [bucket, count]);
  }
}
