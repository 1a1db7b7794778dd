/** Counts what simulated pools do, in the samples that a balancer reports. */
import type { FencingToken } from '../../../core/model/fencing-token.ts';
import { bucketOf, mergeHistograms, type SparseHistogram } from '../../../core/model/histogram.ts';
import type { PoolId } from '../../../core/model/ids.ts';
import type { TrafficSample } from '../../../core/model/traffic-sample.ts';

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
}

export function createSimulatedSamples(): SimulatedSamples {
  const samples = new Map<string, TrafficSample>();
  return {
    count(second, pool, token, counts) {
      const key = JSON.stringify([second, pool, token.deployment, token.sequence]);
      samples.set(key, added(samples.get(key) ?? emptySample(second, pool, token), counts));
    },
    list: (fromSecond) => [...samples.values()].filter((sample) => sample.second >= fromSecond),
  };
}

function emptySample(second: number, pool: PoolId, token: FencingToken): TrafficSample {
  return {
    epoch: 'simulated',
    second,
    pool,
    token,
    requests: 0,
    serverErrors: 0,
    connectErrors: 0,
    timeouts: 0,
    resets: 0,
    rescued: 0,
    clientErrors: 0,
    idempotentClientErrors: 0,
    latency: [],
    abandoned: 0,
    abandonedWaits: [],
  };
}

function added(before: TrafficSample, counts: SampleCounts): TrafficSample {
  const clientErrors = counts.clientErrors ?? 0;
  return {
    ...before,
    requests: before.requests + (counts.requests ?? 0),
    serverErrors: before.serverErrors + (counts.serverErrors ?? 0),
    connectErrors: before.connectErrors + (counts.connectErrors ?? 0),
    timeouts: before.timeouts + (counts.timeouts ?? 0),
    rescued: before.rescued + (counts.rescued ?? 0),
    clientErrors: before.clientErrors + clientErrors,
    idempotentClientErrors: before.idempotentClientErrors + clientErrors,
    latency: withOne(before.latency, counts.latencyUs),
    abandoned: before.abandoned + (counts.abandonedAfterUs === undefined ? 0 : 1),
    abandonedWaits: withOne(before.abandonedWaits, counts.abandonedAfterUs),
  };
}

function withOne(histogram: SparseHistogram, value: number | undefined): SparseHistogram {
  return value === undefined ? histogram : mergeHistograms([histogram, [[bucketOf(value), 1]]]);
}
