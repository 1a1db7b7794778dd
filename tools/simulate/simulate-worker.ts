/** Carries out one share of the runs of `npm run simulate` in a thread of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { carryOutRuns } from '../../test/simulation/carry-out-runs.ts';
import { faultPairs } from '../../test/simulation/fault-pairs.ts';
import { pairedReleases, simulatedReleases } from '../../test/simulation/simulated-releases.ts';
import { simulatedPlans } from '../../test/simulation/simulated-plans.ts';
import { planShapes, type PlanShape, type Scenario } from '../../test/simulation/scenario.ts';
import { sampledPair } from '../../test/simulation/sampled-pair.ts';
import { singleFaults } from '../../test/simulation/single-faults.ts';
import { swarmScenario } from '../../test/simulation/swarm-scenario.ts';
import { countRun, emptyTally } from './tally.ts';

/** Of all runs of a kind, every `of`-th from number `index` on. */
export interface WorkerShare {
  readonly index: number;
  readonly of: number;
  readonly work:
    | { readonly kind: 'singles'; readonly seed: number }
    | { readonly kind: 'pairs'; readonly rounds: readonly PairRound[] }
    | { readonly kind: 'sampled' | 'swarm'; readonly first: number; readonly end: number }
    /** Pairs at ever new timings and swarms of ever new seeds, from `first` on, until the wall time. */
    | { readonly kind: 'soak'; readonly first: number; readonly untilMs: number };
}

/** About as many as the pairs of all plans at one timing. */
const SWARM_PER_ROUND = 2_200_000;

/** Pairs of a plan at one timing: of every so many first faults one; all for 1. */
export interface PairRound {
  readonly shape: PlanShape;
  readonly seed: number;
  readonly share: number;
}

const plans = simulatedPlans();
const share = workerData as WorkerShare;
// A run throws hundreds of expected errors, and nobody reads where they came from.
Error.stackTraceLimit = 0;

async function* shares(): AsyncIterable<Iterable<Scenario>> {
  const { work, index, of } = share;
  switch (work.kind) {
    case 'singles':
      for (const shape of planShapes) {
        for (const release of simulatedReleases[shape]) {
          const all = await singleFaults(plans, { seed: work.seed, release, shape });
          yield all.filter((_scenario, number) => number % of === index);
        }
      }
      return;
    case 'pairs':
      for (const round of work.rounds) yield* pairsOf(round);
      return;
    case 'sampled':
      yield everyOther(work.first + index, work.end, of, (seed) => sampledPair(plans, seed));
      return;
    case 'swarm':
      yield everyOther(work.first + index, work.end, of);
      return;
    case 'soak':
      yield* soak(work.first, work.untilMs);
  }
}

/** One release after the other, so that what the first faults have led to need not be kept for all. */
async function* pairsOf({
  shape,
  seed,
  share: part,
}: PairRound): AsyncIterable<Iterable<Scenario>> {
  const { index, of } = share;
  for (const release of pairedReleases[shape]) {
    yield await faultPairs(plans, { shape, release, seed, index, of: of * part });
  }
}

async function* soak(first: number, untilMs: number): AsyncIterable<Iterable<Scenario>> {
  const { index, of } = share;
  for (let round = 0; Date.now() < untilMs; round += 1) {
    for (const shape of planShapes) {
      for await (const pairs of pairsOf({ shape, seed: first + round, share: 1 })) {
        yield until(untilMs, pairs);
      }
    }
    const seed = first + round * SWARM_PER_ROUND;
    yield until(untilMs, everyOther(seed + index, seed + SWARM_PER_ROUND, of));
  }
}

function* until(untilMs: number, scenarios: Iterable<Scenario>): Iterable<Scenario> {
  for (const scenario of scenarios) {
    if (Date.now() >= untilMs) return;
    yield scenario;
  }
}

function* everyOther(
  first: number,
  end: number,
  step: number,
  scenarioOf = swarmScenario,
): Iterable<Scenario> {
  for (let seed = first; seed < end; seed += step) yield scenarioOf(seed);
}

for await (const scenarios of shares()) {
  const tally = emptyTally();
  await carryOutRuns(plans, scenarios, (run) => countRun(tally, run));
  parentPort?.postMessage(tally);
}
