/** Carries out one share of the runs of `npm run simulate` in a thread of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { aSimulatedPlan } from '../../test/simulation/a-simulated-plan.ts';
import { carryOutRuns } from '../../test/simulation/carry-out-runs.ts';
import { faultPairs } from '../../test/simulation/fault-pairs.ts';
import { simulatedReleases } from '../../test/simulation/simulated-releases.ts';
import type { Scenario } from '../../test/simulation/scenario.ts';
import { singleFaults } from '../../test/simulation/single-faults.ts';
import { swarmScenario } from '../../test/simulation/swarm-scenario.ts';
import { countRun, emptyTally } from './tally.ts';

/** Of all runs of a kind, every `of`-th from number `index` on. */
export interface WorkerShare {
  readonly index: number;
  readonly of: number;
  readonly work:
    | { readonly kind: 'singles'; readonly seed: number }
    | { readonly kind: 'pairs'; readonly seeds: readonly number[] }
    | { readonly kind: 'swarm'; readonly first: number; readonly end: number };
}

const plan = aSimulatedPlan();
const share = workerData as WorkerShare;
const tally = emptyTally();

// A run throws hundreds of expected errors, and nobody reads where they came from.
Error.stackTraceLimit = 0;

async function* shares(): AsyncIterable<Iterable<Scenario>> {
  const { work, index, of } = share;
  switch (work.kind) {
    case 'singles':
      for (const release of simulatedReleases) {
        const all = await singleFaults(plan, release, work.seed);
        yield all.filter((_scenario, number) => number % of === index);
      }
      return;
    case 'pairs':
      for (const release of simulatedReleases) {
        // One seed after the other, so that what a seed has led to need not be kept for all.
        for (const seed of work.seeds) {
          yield await faultPairs(plan, { release, seeds: [seed], index, of });
        }
      }
      return;
    case 'swarm':
      yield everyOther(work.first + index, work.end, of);
  }
}

function* everyOther(first: number, end: number, step: number): Iterable<Scenario> {
  for (let seed = first; seed < end; seed += step) yield swarmScenario(seed);
}

for await (const scenarios of shares()) {
  await carryOutRuns(plan, scenarios, (run) => {
    countRun(tally, run, share.work.kind === 'swarm' ? 'may-miss' : 'must-strike');
  });
}
parentPort?.postMessage(tally);
