import type { PlanInput } from '../../src/core/plan/compile-plan.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import { aPlan, aPlanInput, aRolloutPolicy } from '../support/plan-builder.ts';
import type { PlanShape } from './scenario.ts';

/** 2.0 over 1.0, or over nothing, with waits that are short beside the faults. */
export function aSimulatedPlan(shape: PlanShape = 'two-shifts'): Plan {
  const input = aPlanInput();
  const balancer = { ...input.balancer, requestTimeoutMs: 200 };
  return aPlan({
    balancer,
    pool: { ...input.pool, startTimeoutMs: 1_000 },
    inForce: { balancer, probes: input.probes },
    rollout: aRolloutPolicy({
      weights: shape === 'two-shifts' ? [50, 100] : [100],
      leaseTtlMs: 2_000,
      probing: { consecutive: 1, intervalMs: 50, deadlineMs: 2_000 },
      limits: {
        holdMs: 200,
        // More than one look has, whatever the share.
        samplesMin: shape === 'two-shifts' ? 4 : 8,
        errorRateMax: 0,
        latency: { quantile: 0.95, maxMs: 100 },
      },
      judgeDeadlineMs: 8_000,
      drainMs: 200,
    }),
    ...CHANGES[shape],
  });
}

const CHANGES: Readonly<Record<PlanShape, Partial<PlanInput>>> = {
  'two-shifts': {},
  'one-shift': {},
  repair: { kind: 'repair' },
  rollback: { kind: 'rollback' },
  first: { stable: null, inForce: null },
};
