/**
 * What a balancer has counted lately, as traffic that a plan can be rehearsed on: how many ask, of whichever
 * pool, and how the stable release answers.
 */
import { mergeHistograms, quantileOf } from '../model/histogram.ts';
import type { PoolId } from '../model/ids.ts';
import type { TrafficReport } from '../model/traffic-report.ts';
import type { TrafficSample } from '../model/traffic-sample.ts';
import { failuresOf } from '../gates/candidate-traffic.ts';
import type { DeclaredTraffic } from './declared-traffic.ts';

export interface MeasuredTraffic {
  readonly traffic: DeclaredTraffic;
  /** How long was counted, and how much, of all pools. */
  readonly seconds: number;
  readonly requests: number;
}

/** A p99 of fewer is an accident. */
const REQUESTS_MIN = 1_000;

/** Null when there was too little to say how it is. Seconds without a request count as such. */
export function measuredTraffic(
  { sinceSecond, samples }: TrafficReport,
  stable: PoolId,
  nowSecond: number,
): MeasuredTraffic | null {
  // The running second is not over yet.
  const over = samples.filter(({ second }) => second < nowSecond);
  const its = over.filter(({ pool }) => pool === stable);
  const answered = requestsOf(its);
  if (answered < REQUESTS_MIN) return null;
  const since = Math.max(sinceSecond, Math.min(...over.map(({ second }) => second)));
  const seconds = nowSecond - since;
  const requests = requestsOf(over);
  const latency = mergeHistograms(its.map((sample) => sample.latency));
  const quantileMs = (quantile: number): number => (quantileOf(latency, quantile) ?? 0) / 1_000;
  const [p50, p99] = [quantileMs(0.5), quantileMs(0.99)];
  if (p50 === 0) return null;
  const failed = its.reduce((sum, sample) => sum + failuresOf(sample), 0);
  return {
    traffic: {
      requestsPerSecond: requests / seconds,
      errorRate: failed / answered,
      latencyMs: { p50, p99 },
      counted: latency,
    },
    seconds,
    requests,
  };
}

function requestsOf(samples: readonly TrafficSample[]): number {
  return samples.reduce((sum, { requests }) => sum + requests, 0);
}
