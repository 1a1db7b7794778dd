import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { WorkerShare } from './simulate-worker.ts';
import { addTally, emptyTally, type Tally } from './tally.ts';

const worker = new URL('./simulate-worker.ts', import.meta.url);
/** What runs leave behind is short-lived: the more room it has, the less of it is ever looked at. */
const YOUNG_MB = 64;

/** Carries out the work in as many threads as there are processors. */
export async function simulateInThreads(work: WorkerShare['work']): Promise<Tally> {
  const of = availableParallelism();
  const tallies = await Promise.all(
    Array.from({ length: of }, async (_, index) => {
      const workerData: WorkerShare = { index, of, work };
      const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB };
      const [tally] = (await once(
        new Worker(worker, { workerData, resourceLimits }),
        'message',
      )) as [Tally];
      return tally;
    }),
  );
  const total = emptyTally();
  for (const tally of tallies) addTally(total, tally);
  return total;
}
