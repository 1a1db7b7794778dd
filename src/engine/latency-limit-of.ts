import type { TrafficLimits } from '../core/gates/judge-traffic.ts';
import type { RolloutConfig } from '../config/system-config.ts';

/** `p99.9` is the quantile 0.999. */
export function latencyLimitOf({
  latency: { quantile, max },
}: Pick<RolloutConfig['gate'], 'latency'>): TrafficLimits['latency'] {
  return { quantile: Number(quantile.slice(1)) / 100, maxMs: max };
}
