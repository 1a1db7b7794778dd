import type { MirrorPolicy } from '../core/plan/plan.ts';
import type { MirrorConfig, RolloutConfig } from '../config/system-config.ts';
import { latencyLimitOf } from './latency-limit-of.ts';

/** Copies must be answered as fast as requests must be. */
export function mirrorPolicyOf(
  mirror: MirrorConfig,
  { gate }: Pick<RolloutConfig, 'gate'>,
): MirrorPolicy {
  const { percent, maxInFlight, maxPerSecond, skip, compare } = mirror;
  return {
    rules: {
      percent,
      inFlightMax: maxInFlight,
      perSecondMax: maxPerSecond,
      skip,
      headers: compare.headers,
      ignore: compare.ignore,
    },
    limits: {
      samplesMin: mirror.minSamples,
      differentMax: mirror.maxDifferent,
      latency: latencyLimitOf(gate),
    },
    deadlineMs: mirror.deadline,
  };
}
