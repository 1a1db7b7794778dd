import type { Plan } from '../../src/core/plan/plan.ts';
import { aSimulatedPlan } from './a-simulated-plan.ts';
import { planShapes, type PlanShape, type Scenario } from './scenario.ts';

export type SimulatedPlans = Readonly<Record<PlanShape, Plan>>;

/** The plans of all scenarios: made once, for a plan costs more than many runs. */
export function simulatedPlans(): SimulatedPlans {
  const plans = planShapes.map((shape) => [shape, aSimulatedPlan(shape)] as const);
  return Object.fromEntries(plans) as SimulatedPlans;
}

export function planOf(
  plans: SimulatedPlans,
  { shape = 'two-shifts' }: Pick<Scenario, 'shape'>,
): Plan {
  return plans[shape];
}
