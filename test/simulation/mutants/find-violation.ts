/** Carries scenarios out until one is objected to; says to what, and which one it was. */
import type { RunResult } from '../carry-out-run.ts';
import { carryOutRuns } from '../carry-out-runs.ts';
import type { Fault } from '../fault.ts';
import type { PlanShape, Scenario } from '../scenario.ts';
import { simulatedPlans } from '../simulated-plans.ts';
import { mutantScenarios, type Effort } from './mutant-scenarios.ts';

export interface Search {
  /** How many runs were carried out, the last one with the violation. */
  readonly runs: number;
  readonly found: { readonly scenario: Scenario | null; readonly message: string } | null;
}

export async function findViolation(
  under: readonly Fault[],
  effort: Effort,
  shape: PlanShape = 'two-shifts',
): Promise<Search> {
  const plans = simulatedPlans();
  let runs = 0;
  const found: NonNullable<Search['found']>[] = [];
  const note = ({ scenario, violations: [first] }: RunResult): void => {
    if (found.length > 0) return;
    runs += 1;
    if (first) found.push({ scenario, message: `${first.invariant} ${first.message}` });
  };
  for await (const scenarios of mutantScenarios(plans, { under, shape }, effort)) {
    await carryOutRuns(
      plans,
      untilTrue(scenarios, () => found.length > 0),
      note,
    );
    if (found.length > 0) break;
  }
  return { runs, found: found[0] ?? null };
}

function* untilTrue<Item>(items: Iterable<Item>, isOver: () => boolean): Iterable<Item> {
  for (const item of items) {
    if (isOver()) return;
    yield item;
  }
}
