import type { Plan } from '../../src/core/plan/plan.ts';
import { carryOutRun, type RunResult } from './carry-out-run.ts';
import type { Scenario } from './scenario.ts';

/** So many runs side by side share each turn of the event loop; more of them only crowd the cache. */
const ABREAST = 64;

export async function carryOutRuns(
  plan: Plan,
  scenarios: readonly Scenario[],
): Promise<readonly RunResult[]> {
  const results: RunResult[] = [];
  for (let from = 0; from < scenarios.length; from += ABREAST) {
    const batch = scenarios.slice(from, from + ABREAST);
    results.push(...(await Promise.all(batch.map((scenario) => carryOutRun(plan, scenario)))));
  }
  return results;
}
