import type { Lease } from '../model/routing.ts';
import type { PlannedPool, RolloutPolicy } from './plan.ts';

/** What the balancer holds to while the candidate has a share of the traffic. */
export function leaseOf(
  candidate: PlannedPool,
  rollout: RolloutPolicy,
  against: PlannedPool | null = null,
): Lease {
  return {
    candidate: candidate.pool,
    ttlMs: rollout.leaseTtlMs,
    trip: rollout.trip,
    ...(against && { against: against.pool }),
    ...(rollout.assignment && { assignment: rollout.assignment }),
    ...(rollout.safeFirst && { safeFirst: rollout.safeFirst }),
    ...(rollout.hedgePercent && { hedgePercent: rollout.hedgePercent }),
    ...(rollout.callerHeader && { callerHeader: rollout.callerHeader }),
  };
}
