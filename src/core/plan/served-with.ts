import type { Routing } from '../model/routing.ts';
import type { PlannedService, PlannedSplit } from './plan.ts';

/** How requests are served, whichever pool gets them. */
export type ServedWith = Pick<Routing, 'requestTimeoutMs' | 'limits'>;

/**
 * Changed time-outs and limits come with the first request that the candidate gets and go with its
 * last: the stable release alone is served as it was before.
 */
export function servedWith(
  service: Pick<
    PlannedService,
    'balancer' | 'candidate' | 'requestTimeoutBeforeMs' | 'limitsBefore'
  >,
  split: PlannedSplit,
): ServedWith {
  const { balancer, candidate, requestTimeoutBeforeMs, limitsBefore } = service;
  const isServing = split.weights.some(({ pool, weight }) => pool === candidate.pool && weight > 0);
  if (isServing || requestTimeoutBeforeMs === null) {
    const { requestTimeoutMs, limits } = balancer;
    return { requestTimeoutMs, ...(limits && { limits }) };
  }
  return {
    requestTimeoutMs: requestTimeoutBeforeMs,
    ...(limitsBefore && { limits: limitsBefore }),
  };
}
