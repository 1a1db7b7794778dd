import { carryOutRun, type RunResult } from './carry-out-run.ts';
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
  const lane = async (): Promise<void> => {
    for (let next = waiting.next(); next.done !== true; next = waiting.next()) {
      onResult(await carryOutRun(planOf(plans, next.value), next.value));
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, lane));
}
