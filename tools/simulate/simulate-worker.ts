/** Carries out one share of the runs of `npm run simulate` in a thread of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { aSimulatedPlan } from '../../test/simulation/a-simulated-plan.ts';
import { carryOutRun } from '../../test/simulation/carry-out-run.ts';
import type { Scenario } from '../../test/simulation/scenario.ts';
import { swarmScenario } from '../../test/simulation/swarm-scenario.ts';
import { countRun, emptyTally } from './tally.ts';

/** Either scenarios, or a share of the swarm: every `stride`-th seed from `first` on, below `end`. */
export type WorkerShare =
  | { readonly kind: 'scenarios'; readonly scenarios: readonly Scenario[] }
  | {
      readonly kind: 'swarm';
      readonly first: number;
      readonly stride: number;
      readonly end: number;
    };

/** So many runs side by side share each turn of the event loop. */
const ABREAST = 64;

const plan = aSimulatedPlan();
const tally = emptyTally();
const share = workerData as WorkerShare;

function* scenariosOf(): Iterable<Scenario> {
  if (share.kind === 'scenarios') {
    yield* share.scenarios;
    return;
  }
  for (let seed = share.first; seed < share.end; seed += share.stride) yield swarmScenario(seed);
}

const scenarios = scenariosOf()[Symbol.iterator]();

async function work(): Promise<void> {
  for (let next = scenarios.next(); next.done !== true; next = scenarios.next()) {
    countRun(tally, await carryOutRun(plan, next.value));
  }
}

await Promise.all(Array.from({ length: ABREAST }, work));
parentPort?.postMessage(tally);
