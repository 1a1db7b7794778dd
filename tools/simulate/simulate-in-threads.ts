import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Scenario } from '../../test/simulation/scenario.ts';
import type { WorkerShare } from './simulate-worker.ts';
import { addTally, emptyTally, type Tally } from './tally.ts';

const worker = new URL('./simulate-worker.ts', import.meta.url);

/** Seeds `seed` to `seed + count - 1` of the swarm. */
export function simulateSwarm(seed: number, count: number): Promise<Tally> {
  const threads = availableParallelism();
  return inThreads(
    Array.from({ length: threads }, (_, index) => ({
      kind: 'swarm',
      first: seed + index,
      stride: threads,
      end: seed + count,
    })),
  );
}

export function simulateScenarios(scenarios: readonly Scenario[]): Promise<Tally> {
  const threads = availableParallelism();
  return inThreads(
    Array.from({ length: threads }, (_, index) => ({
      kind: 'scenarios',
      scenarios: scenarios.filter((_scenario, at) => at % threads === index),
    })),
  );
}

async function inThreads(shares: readonly WorkerShare[]): Promise<Tally> {
  const total = emptyTally();
  const tallies = await Promise.all(
    shares.map(async (workerData) => {
      const [tally] = (await once(new Worker(worker, { workerData }), 'message')) as [Tally];
      return tally;
    }),
  );
  for (const tally of tallies) addTally(total, tally);
  return total;
}
