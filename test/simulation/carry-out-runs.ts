import { startJudgedRun, type JudgedRun, type RunResult } from './carry-out-run.ts';
import { eventLoopTurn } from './run-course.ts';
import type { Scenario } from './scenario.ts';
import { planOf, type SimulatedPlans } from './simulated-plans.ts';

/** So many runs side by side share each turn of the event loop; more of them only crowd the cache. */
const ABREAST = 4;

/** Gives each result as soon as it is there; runs share nothing, so that their order is of no matter. */
export async function carryOutRuns(
  plans: SimulatedPlans,
  scenarios: Iterable<Scenario>,
  onResult: (result: RunResult) => void,
): Promise<void> {
  const waiting = scenarios[Symbol.iterator]();
  const active: JudgedRun[] = [];
  for (;;) {
    while (active.length < ABREAST) {
      const next = waiting.next();
      if (next.done === true) break;
      active.push(await startJudgedRun(planOf(plans, next.value), next.value));
    }
    if (active.length === 0) return;
    await eventLoopTurn();
    for (let at = active.length - 1; at >= 0; at -= 1) {
      const run = active[at];
      if (!run || run.advance()) continue;
      active.splice(at, 1);
      onResult(run.result());
    }
  }
}
