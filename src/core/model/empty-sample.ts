import type { TrafficSample } from './traffic-sample.ts';

/** What a pool has done under a routing in a second in which nobody asked it anything. */
export function emptySample(
  key: Pick<TrafficSample, 'epoch' | 'second' | 'pool' | 'token'>,
): TrafficSample {
  return {
    ...key,
    requests: 0,
    serverErrors: 0,
    connectErrors: 0,
    timeouts: 0,
    resets: 0,
    failedCallers: 0,
    slice: { requests: 0, failedCallers: 0 },
    rescued: 0,
    clientErrors: 0,
    idempotentClientErrors: 0,
    latency: [],
    failureLatency: [],
    abandoned: 0,
    abandonedWaits: [],
  };
}
