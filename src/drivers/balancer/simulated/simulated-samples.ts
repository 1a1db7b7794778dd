/** Counts what simulated pools do, in the samples that a balancer reports. */
import { emptySample } from '../../../core/model/empty-sample.ts';
import { compareTokens, type FencingToken } from '../../../core/model/fencing-token.ts';
import { countIn, sparseOf, type GrowingHistogram } from '../../../core/model/histogram.ts';
import type { PoolId } from '../../../core/model/ids.ts';
import type { TrafficSample } from '../../../core/model/traffic-sample.ts';
import { countedWaits } from '../../../core/routing/counted-waits.ts';
import type { Waits } from '../../../core/routing/hang-evidence.ts';

/** What one outcome adds to its sample. */
export type SampleCounts = Partial<
  Pick<
    TrafficSample,
    'requests' | 'serverErrors' | 'connectErrors' | 'timeouts' | 'rescued' | 'clientErrors'
  >
> & {
  readonly latencyUs?: number;
  /** How long the client had waited that left. */
  readonly abandonedAfterUs?: number;
};

export interface SimulatedSamples {
  count(second: number, pool: PoolId, token: FencingToken, counts: SampleCounts): void;
  list(fromSecond: number): readonly TrafficSample[];
  /** Of a pool, all that was counted: `late` have waited for more than the limit. */
  waits(pool: PoolId, limitUs: number): Waits;
}

/** A sample that still grows; a million of them are counted in, so that nothing is copied. */
type Growing = { -readonly [Key in keyof TrafficSample]: TrafficSample[Key] };

interface Bucket {
  readonly sample: Growing;
  readonly latency: GrowingHistogram;
  readonly failureLatency: GrowingHistogram;
  readonly abandonedWaits: GrowingHistogram;
}

export function createSimulatedSamples(): SimulatedSamples {
  const buckets: Bucket[] = [];

  function bucketFor(second: number, pool: PoolId, token: FencingToken): Bucket {
    const known = buckets.findLast(
      ({ sample }) =>
        sample.second === second &&
        sample.pool === pool &&
        compareTokens(sample.token, token) === 0,
    );
    if (known) return known;
    const sample = emptySample({ epoch: 'simulated', second, pool, token });
    const bucket: Bucket = {
      sample,
      latency: new Map(),
      failureLatency: new Map(),
      abandonedWaits: new Map(),
    };
    buckets.push(bucket);
    return bucket;
  }

  return {
    count: (second, pool, token, counts) => add(bucketFor(second, pool, token), counts),
    list: (fromSecond) =>
      buckets
        .filter(({ sample }) => sample.second >= fromSecond)
        .map(({ sample, latency, failureLatency, abandonedWaits }) => ({
          ...sample,
          latency: sparseOf(latency),
          failureLatency: sparseOf(failureLatency),
          abandonedWaits: sparseOf(abandonedWaits),
        })),
    waits(pool, limitUs) {
      const counted = buckets.map(({ sample, latency, abandonedWaits }) => ({
        ...sample,
        ...{ latency, abandonedWaits },
      }));
      return countedWaits(
        counted.filter((sample) => sample.pool === pool),
        limitUs,
      );
    },
  };
}

function add(
  { sample, latency, failureLatency, abandonedWaits }: Bucket,
  counts: SampleCounts,
): void {
  const { serverErrors = 0, connectErrors = 0, timeouts = 0, clientErrors = 0 } = counts;
  sample.requests += counts.requests ?? 0;
  sample.serverErrors += serverErrors;
  sample.connectErrors += connectErrors;
  sample.timeouts += timeouts;
  // Here nobody tries again: every failure is another caller's.
  sample.failedCallers += serverErrors + connectErrors + timeouts;
  sample.rescued += counts.rescued ?? 0;
  sample.clientErrors += clientErrors;
  sample.idempotentClientErrors += clientErrors;
  if (counts.latencyUs !== undefined) {
    countIn(latency, counts.latencyUs);
    if (serverErrors > 0) countIn(failureLatency, counts.latencyUs);
  }
  if (counts.abandonedAfterUs === undefined) return;
  sample.abandoned += 1;
  countIn(abandonedWaits, counts.abandonedAfterUs);
}
