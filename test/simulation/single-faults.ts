import type { Plan } from '../../src/core/plan/plan.ts';
import { carryOutRun } from './carry-out-run.ts';
import { faults } from './fault.ts';
import type { ReleaseBehaviour, Scenario } from './scenario.ts';

/** Every fault at every call of the run that has none. */
export async function singleFaults(
  plan: Plan,
  release: ReleaseBehaviour,
  seed: number,
): Promise<readonly Scenario[]> {
  const { calls } = await carryOutRun(plan, { seed, release, faults: [] });
  return calls.flatMap((_name, at) =>
    faults.map((fault): Scenario => ({ seed, release, faults: [{ fault, at }], mustStrike: true })),
  );
}
