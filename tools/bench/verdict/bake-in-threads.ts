import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Bake, BakeResult } from './bake.ts';

const worker = new URL('./bake-worker.ts', import.meta.url);

/** The results in the order of the bakes, from as many threads as there are processors. */
export async function bakeInThreads(bakes: readonly Bake[]): Promise<readonly BakeResult[]> {
  const results: BakeResult[] = [];
  const waiting = bakes.entries();
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      const thread = new Worker(worker);
      for (const [at, bake] of waiting) results[at] = await answerOf(thread, bake);
      await thread.terminate();
    }),
  );
  return results;
}

function answerOf(thread: Worker, bake: Bake): Promise<BakeResult> {
  return new Promise((resolve, reject) => {
    thread.once('error', reject);
    thread.once('message', (result: BakeResult) => {
      thread.off('error', reject);
      resolve(result);
    });
    thread.postMessage(bake);
  });
}
