import { carryOutRun } from './carry-out-run.ts';
import { faultsOf } from './faults-of.ts';
import type { Scenario } from './scenario.ts';
import { planOf, type SimulatedPlans } from './simulated-plans.ts';

/** Every fault at every call of the run that has none. */
export async function singleFaults(
  plans: SimulatedPlans,
  of: Omit<Scenario, 'faults'>,
): Promise<readonly Scenario[]> {
  const plan = planOf(plans, of);
  const { calls } = await carryOutRun(plan, { ...of, faults: [] });
  const faults = faultsOf(plan);
  return calls.flatMap((_name, at) =>
    faults.map((fault): Scenario => ({ ...of, faults: [{ fault, at }], mustStrike: true })),
  );
}
