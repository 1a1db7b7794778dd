import type { Plan } from '../../src/core/plan/plan.ts';
import { carryOutRun } from './carry-out-run.ts';
import { callFaults } from './fault.ts';
import type { ReleaseBehaviour, Scenario } from './scenario.ts';

/** Every kind of fault at every call of the run that has none. */
export async function everySingleFault(
  plan: Plan,
  release: ReleaseBehaviour,
  seed: number,
): Promise<readonly Scenario[]> {
  const { calls } = await carryOutRun(plan, { seed, release, faults: [] });
  return calls.flatMap((_name, at) =>
    callFaults.map((fault): Scenario => ({ seed, release, faults: [{ fault, at }] })),
  );
}
