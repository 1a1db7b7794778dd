/** Looks at edge and instances all through a run, so that a moment without a pool does not pass unseen. */
import { setTimeout as delay } from 'node:timers/promises';
import type { StateDirectory } from '../../src/platform/state-directory.ts';
import { isAlive, processesIn, variableOf, type LivingProcess } from './process-table.ts';
import { readRouting, type SeenRouting } from './read-routing.ts';
import { unmannedPools } from './unmanned-pools.ts';

export interface RoutingChange {
  readonly atMs: number;
  /** The effective ones: `1.0: 80 %, 2.0: 20 %`. */
  readonly weights: string;
  /** Whether the candidate's share is one that ends unless renewed, or has ended so. */
  readonly hasLease: boolean;
  /** The pool of all requests is the one that traffic falls back to. */
  readonly isStableAlone: boolean;
}

export interface RoutingWatch {
  readonly changes: readonly RoutingChange[];
  readonly complaints: readonly string[];
  stop(): Promise<void>;
}

const LOOK_MS = 50;

export function watchRouting(directory: StateDirectory): RoutingWatch {
  const stop = new AbortController();
  const changes: RoutingChange[] = [];
  const complaints: string[] = [];
  const hasProcess = poolWatch(directory);
  // Null while the edge's worker is being started again.
  const readAgain = (): Promise<SeenRouting | null> => readRouting(directory).catch(() => null);
  const complain = (complaint: string): void => {
    if (!complaints.includes(complaint)) complaints.push(complaint);
  };

  function lookAtWeights({ pools, hasLease, stable }: SeenRouting): void {
    const carrying = pools.filter(({ weight }) => weight > 0);
    const sum = carrying.reduce((total, { weight }) => total + weight, 0);
    const weights = carrying.map(({ version, weight }) => `${version}: ${weight} %`).join(', ');
    const last = changes.at(-1);
    if (last?.weights === weights && last.hasLease === hasLease) return;
    const isStableAlone = carrying.length === 1 && carrying[0]?.pool === stable;
    changes.push({ atMs: Date.now(), weights, hasLease, isStableAlone });
    if (sum !== 100) complain(`The edge's weights were "${weights}".`);
    const empty = carrying.find(({ endpoints }) => endpoints.length === 0);
    if (empty) complain(`${empty.version} had traffic and no endpoint.`);
  }

  async function look(): Promise<void> {
    while (!stop.signal.aborted) {
      const routing = await readAgain();
      if (routing) {
        lookAtWeights(routing);
        for (const { version } of await unmannedPools(routing, { readAgain, hasProcess })) {
          complain(`${version} had traffic and no process.`);
        }
      } else if ((await processesIn(directory.host)).length === 0) {
        complain('No instance of any pool had a process.');
      }
      await delay(LOOK_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }

  const ended = look();
  // Whoever stops the watch hears of it; that may be much later.
  ended.catch(() => undefined);
  return {
    changes,
    complaints,
    async stop() {
      stop.abort();
      await ended;
    },
  };
}

/** Whether a pool has a living process. Looks for another one only when the last one known is gone. */
function poolWatch(directory: StateDirectory): (pool: string) => Promise<boolean> {
  const known = new Map<string, LivingProcess>();
  return async (pool) => {
    const last = known.get(pool);
    if (last && (await isAlive(last))) return true;
    for (const living of await processesIn(directory.host)) {
      if ((await variableOf(living, 'SUREFOOT_POOL')) !== pool) continue;
      known.set(pool, living);
      return true;
    }
    return false;
  };
}
