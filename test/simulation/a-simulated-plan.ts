import type { Plan } from '../../src/core/plan/plan.ts';
import { aPlan, aPlanInput, aRolloutPolicy } from '../support/plan-builder.ts';

/** 2.0 over 1.0 in two shifts, with waits that are short beside the faults. */
export function aSimulatedPlan(): Plan {
  const input = aPlanInput();
  const balancer = { ...input.balancer, requestTimeoutMs: 200 };
  return aPlan({
    balancer,
    pool: { ...input.pool, startTimeoutMs: 1_000 },
    inForce: { balancer, probes: input.probes },
    rollout: aRolloutPolicy({
      weights: [50, 100],
      leaseTtlMs: 2_000,
      probing: { consecutive: 1, intervalMs: 50, deadlineMs: 2_000 },
      limits: {
        holdMs: 200,
        samplesMin: 4,
        errorRateMax: 0,
        latency: { quantile: 0.95, maxMs: 100 },
      },
      judgeDeadlineMs: 8_000,
      drainMs: 200,
    }),
  });
}
