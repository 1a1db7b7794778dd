import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { WorkerShare } from './simulate-worker.ts';
import { addTally, emptyTally, type Tally } from './tally.ts';

const worker = new URL('./simulate-worker.ts', import.meta.url);
/** What runs leave behind is short-lived: the more room it has, the less of it is ever looked at. */
const YOUNG_MB = 64;

/** Carries out the work in as many threads as there are processors; tells of every part that is done. */
export async function simulateInThreads(
  work: WorkerShare['work'],
  onPart: (total: Tally) => void = () => undefined,
): Promise<Tally> {
  const of = availableParallelism();
  const total = emptyTally();
  await Promise.all(
    Array.from({ length: of }, async (_, index) => {
      const workerData: WorkerShare = { index, of, work };
      const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB };
      const thread = new Worker(worker, { workerData, resourceLimits });
      thread.on('message', (part: Tally) => {
        addTally(total, part);
        onPart(total);
      });
      // An error of a thread is thrown here.
      await once(thread, 'exit');
    }),
  );
  return total;
}
