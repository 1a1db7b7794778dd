/** What a balancer has counted of the stable release lately, as traffic that a plan can be rehearsed on. */
import { mergeHistograms, quantileOf } from '../model/histogram.ts';
import type { PoolId } from '../model/ids.ts';
import type { TrafficReport } from '../model/traffic-report.ts';
import { failuresOf } from '../gates/candidate-traffic.ts';
import type { DeclaredTraffic } from './declared-traffic.ts';

export interface MeasuredTraffic {
  readonly traffic: DeclaredTraffic;
  /** How long was counted, and how much. */
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
  const over = samples.filter(({ pool, second }) => pool === stable && second < nowSecond);
  const requests = over.reduce((sum, sample) => sum + sample.requests, 0);
  if (requests < REQUESTS_MIN) return null;
  const since = Math.max(sinceSecond, Math.min(...over.map(({ second }) => second)));
  const seconds = nowSecond - since;
  const latency = mergeHistograms(over.map((sample) => sample.latency));
  const quantileMs = (quantile: number): number => (quantileOf(latency, quantile) ?? 0) / 1_000;
  const [p50, p99] = [quantileMs(0.5), quantileMs(0.99)];
  if (p50 === 0) return null;
  const failed = over.reduce((sum, sample) => sum + failuresOf(sample), 0);
  return {
    traffic: {
      requestsPerSecond: requests / seconds,
      errorRate: failed / requests,
      latencyMs: { p50, p99 },
      counted: latency,
    },
    seconds,
    requests,
  };
}
