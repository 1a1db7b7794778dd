import type { Plan } from '../../src/core/plan/plan.ts';
import { startJudgedRun, type JudgedRun, type RunResult } from './carry-out-run.ts';
import { eventLoopTurn } from './run-course.ts';
import type { Scenario } from './scenario.ts';

/** So many runs side by side share each turn of the event loop; more of them only crowd the cache. */
const ABREAST = 4;

/** Gives each result as soon as it is there; runs share nothing, so that their order is of no matter. */
export async function carryOutRuns(
  plan: Plan,
  scenarios: Iterable<Scenario>,
  onResult: (result: RunResult) => void,
): Promise<void> {
  const waiting = scenarios[Symbol.iterator]();
  let active: JudgedRun[] = [];
  for (;;) {
    while (active.length < ABREAST) {
      const next = waiting.next();
      if (next.done === true) break;
      active.push(await startJudgedRun(plan, next.value));
    }
    if (active.length === 0) return;
    await eventLoopTurn();
    const over = active.filter((run) => !run.advance());
    if (over.length === 0) continue;
    active = active.filter((run) => !over.includes(run));
    for (const run of over) onResult(run.result());
  }
}
