/** Many rehearsals at once, on all processors; the same figures whatever their number. */
import { getCompileCacheDir } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Plan } from '../../core/plan/plan.ts';
import { rehearseAll, type RehearsalFigures } from '../../core/rehearsal/rehearse-all.ts';
import type { Scenario } from '../../core/rehearsal/scenario.ts';
import type { DeclaredTraffic } from '../../core/traffic-model/declared-traffic.ts';

export interface RehearsalWork {
  readonly plan: Plan;
  readonly traffic: DeclaredTraffic;
  readonly scenarios: readonly Scenario[];
}

/** Small enough that no thread waits long for the last of another. */
const CHUNK = 40;

/** In the order of the scenarios; ends early, with an error, when `signal` says so. */
export async function rehearseInThreads(
  { plan, traffic, scenarios }: RehearsalWork,
  signal: AbortSignal,
): Promise<readonly RehearsalFigures[]> {
  if (scenarios.length <= CHUNK) return rehearseAll(plan, traffic, scenarios);
  const starts = Array.from({ length: Math.ceil(scenarios.length / CHUNK) }, (_, at) => at * CHUNK);
  const results: (readonly RehearsalFigures[])[] = [];
  const waiting = starts.entries();
  await Promise.all(
    Array.from({ length: Math.min(availableParallelism(), starts.length) }, async () => {
      const thread = startThread();
      try {
        for (const [at, start] of waiting) {
          signal.throwIfAborted();
          const part = scenarios.slice(start, start + CHUNK);
          results[at] = await answerOf(thread, { plan, traffic, scenarios: part });
        }
      } finally {
        await thread.terminate();
      }
    }),
  );
  return results.flat();
}

function startThread(): Worker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const script = new URL(`./rehearse-main.${extension}`, import.meta.url);
  // A thread compiles anew what the process has in its cache, unless it is told where that is.
  const cache = getCompileCacheDir();
  const hint = cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) };
  return new Worker(script, { env: { ...process.env, ...hint } });
}

function answerOf(thread: Worker, work: RehearsalWork): Promise<readonly RehearsalFigures[]> {
  return new Promise((resolve, reject) => {
    thread.once('error', reject);
    thread.once('message', (figures: readonly RehearsalFigures[]) => {
      thread.off('error', reject);
      resolve(figures);
    });
    thread.postMessage(work);
  });
}
