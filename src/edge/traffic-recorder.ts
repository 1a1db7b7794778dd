/**
 * Counts what every pool did, per second and routing, for the last fifteen minutes. A bucket is only
 * ever changed during its own second.
 */
import { emptySample } from '../core/model/empty-sample.ts';
import { sparseOf, type GrowingHistogram } from '../core/model/histogram.ts';
import type { FencingToken } from '../core/model/fencing-token.ts';
import type { PoolId } from '../core/model/ids.ts';
import type { TrafficReport } from '../core/model/traffic-report.ts';
import type { TrafficSample } from '../core/model/traffic-sample.ts';
import { countedWaits } from '../core/routing/counted-waits.ts';
import type { Waits } from '../core/routing/hang-evidence.ts';

const SECONDS_KEPT = 15 * 60;

export interface TrafficBucket {
  readonly epoch: string;
  readonly second: number;
  readonly pool: PoolId;
  readonly token: FencingToken;
  requests: number;
  serverErrors: number;
  connectErrors: number;
  timeouts: number;
  resets: number;
  failedCallers: number;
  readonly slice: { requests: number; failedCallers: number };
  rescued: number;
  clientErrors: number;
  idempotentClientErrors: number;
  readonly latency: GrowingHistogram;
  readonly failureLatency: GrowingHistogram;
  abandoned: number;
  readonly abandonedWaits: GrowingHistogram;
}

export interface TrafficRecorder {
  bucket(second: number, pool: PoolId, token: FencingToken): TrafficBucket;
  /** All buckets from `fromSecond` on, the running second included. */
  report(fromSecond: number, nowSecond: number): TrafficReport;
  /** Of a pool, in all seconds that are kept: `late` have waited for more than the limit. */
  waits(pool: PoolId, limitUs: number): Waits;
}

/** When the counters of this process began. */
export interface CountingSince {
  readonly epoch: string;
  readonly sinceSecond: number;
}

export function createTrafficRecorder({ epoch, sinceSecond }: CountingSince): TrafficRecorder {
  // Seconds only rise, so that the order of insertion is the order of time.
  const seconds = new Map<number, TrafficBucket[]>();

  function forgetBefore(second: number): void {
    for (const kept of seconds.keys()) {
      if (kept >= second) return;
      seconds.delete(kept);
    }
  }

  return {
    bucket(second, pool, token) {
      let buckets = seconds.get(second);
      if (buckets === undefined) {
        forgetBefore(second - SECONDS_KEPT);
        buckets = [];
        seconds.set(second, buckets);
      }
      const known = buckets.find((bucket) => bucket.pool === pool && bucket.token === token);
      if (known !== undefined) return known;
      const bucket = emptyBucket({ epoch, second, pool, token });
      buckets.push(bucket);
      return bucket;
    },
    report(fromSecond, nowSecond) {
      const samples: TrafficSample[] = [];
      for (const [second, buckets] of seconds) {
        if (second < fromSecond) continue;
        for (const bucket of buckets) samples.push(sampleOf(bucket));
      }
      return { sinceSecond: Math.max(sinceSecond, nowSecond - SECONDS_KEPT), samples };
    },
    waits(pool, limitUs) {
      const buckets = [...seconds.values()].flat();
      return countedWaits(
        buckets.filter((bucket) => bucket.pool === pool),
        limitUs,
      );
    },
  };
}

function emptyBucket(key: Parameters<typeof emptySample>[0]): TrafficBucket {
  return {
    ...emptySample(key),
    slice: { requests: 0, failedCallers: 0 },
    latency: new Map(),
    failureLatency: new Map(),
    abandonedWaits: new Map(),
  };
}

function sampleOf(bucket: TrafficBucket): TrafficSample {
  return {
    ...bucket,
    latency: sparseOf(bucket.latency),
    failureLatency: sparseOf(bucket.failureLatency),
    abandonedWaits: sparseOf(bucket.abandonedWaits),
  };
}
