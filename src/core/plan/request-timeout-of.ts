import type { Plan, PlannedSplit } from './plan.ts';

/**
 * A changed time-out comes with the first request that the candidate gets and goes with its last: the
 * stable release alone is served as it was before.
 */
export function requestTimeoutOf(
  plan: Pick<Plan, 'balancer' | 'candidate' | 'requestTimeoutBeforeMs'>,
  split: PlannedSplit,
): number {
  const { balancer, candidate, requestTimeoutBeforeMs } = plan;
  const isServing = split.weights.some(({ pool, weight }) => pool === candidate.pool && weight > 0);
  return isServing
    ? balancer.requestTimeoutMs
    : (requestTimeoutBeforeMs ?? balancer.requestTimeoutMs);
}
