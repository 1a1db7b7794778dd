/** Looks at edge and instances all through a run, so that a moment without a pool does not pass unseen. */
import { setTimeout as delay } from 'node:timers/promises';
import type { StateDirectory } from '../../src/platform/state-directory.ts';
import { readRouting } from './read-routing.ts';
import { processesIn } from './process-table.ts';

export interface RoutingWatch {
  /** Every change of the effective weights that was seen: `1.0: 80 %, 2.0: 20 %`. */
  readonly changes: readonly { readonly atMs: number; readonly weights: string }[];
  readonly complaints: readonly string[];
  stop(): Promise<void>;
}

const LOOK_MS = 50;
const LOOKS_PER_COUNT = 10;

export function watchRouting(directory: StateDirectory): RoutingWatch {
  const stop = new AbortController();
  const changes: { atMs: number; weights: string }[] = [];
  const complaints: string[] = [];

  async function lookAtRouting(): Promise<void> {
    const routing = await readRouting(directory);
    if (!routing) return;
    const carrying = routing.pools.filter(({ weight }) => weight > 0);
    const sum = carrying.reduce((total, { weight }) => total + weight, 0);
    const weights = carrying.map(({ version, weight }) => `${version}: ${weight} %`).join(', ');
    if (changes.at(-1)?.weights === weights) return;
    changes.push({ atMs: Date.now(), weights });
    if (sum !== 100) complaints.push(`The edge's weights were "${weights}".`);
    const empty = carrying.find(({ endpoints }) => endpoints.length === 0);
    if (empty) complaints.push(`${empty.version} had traffic and no endpoint.`);
  }

  async function look(): Promise<void> {
    for (let looks = 0; !stop.signal.aborted; looks += 1) {
      // The edge's worker is being started again.
      await lookAtRouting().catch(() => undefined);
      if (looks % LOOKS_PER_COUNT === 0 && (await processesIn(directory.host)).length === 0) {
        complaints.push('No instance of any pool had a process.');
      }
      await delay(LOOK_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }

  const ended = look();
  return {
    changes,
    complaints,
    async stop() {
      stop.abort();
      await ended;
    },
  };
}
