/** Reads again and again what a launch takes up with all its processes, and keeps it as JSON lines. */
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Watched } from '../../core/validation/criteria/resources-criteria.ts';
import type { ResourceSample } from '../../core/validation/resource-sample.ts';
import { elapsedMs, type Clock } from '../../platform/clock.ts';
import { readLivingProcesses } from '../../platform/living-processes.ts';
import type { ProcessIdentity } from '../../platform/process-identity.ts';
import { readLaunchUsage } from '../../platform/process-usage.ts';

export const SAMPLE_EVERY_MS = 1_000;

export interface ResourceWatch {
  /** To be called once; nothing is read behind it. */
  readonly end: () => Promise<Watched>;
}

export interface WatchedLaunch {
  readonly leader: ProcessIdentity;
  readonly launch: string;
}

export function watchResources({
  launched,
  everyMs,
  path,
  clock,
}: {
  readonly launched: WatchedLaunch;
  readonly everyMs: number;
  /** Of the file that is made here. */
  readonly path: string;
  readonly clock: Clock;
}): ResourceWatch {
  const ending = new AbortController();
  const sinceNs = clock.monotonicNs();
  const samples: ResourceSample[] = [];
  const file = createWriteStream(path, { mode: 0o600 });
  // As with a log: told when it is closed.
  file.on('error', () => undefined);

  async function read(): Promise<void> {
    const living = await readLivingProcesses([launched.leader]);
    const atMs = Math.round(elapsedMs(clock, sinceNs) * 10) / 10;
    const usage = await readLaunchUsage(launched, living);
    const sample = { atMs, ...(usage ?? { memory: null, openFiles: null, cpuMs: null }) };
    samples.push(sample);
    file.write(`${JSON.stringify(sample)}\n`);
  }

  async function readOn(): Promise<void> {
    for (let count = 1; !ending.signal.aborted; count += 1) {
      await read();
      // Late ones are left out rather than caught up with.
      const dueMs = Math.max(count, Math.ceil(elapsedMs(clock, sinceNs) / everyMs)) * everyMs;
      await clock.sleep(dueMs - elapsedMs(clock, sinceNs), ending.signal).catch(ignoreEnd);
    }
  }

  function ignoreEnd(error: unknown): void {
    if (!ending.signal.aborted) throw error;
  }

  const reading = readOn();
  // Whoever ends it hears of it.
  reading.catch(() => undefined);
  return {
    async end() {
      ending.abort();
      const durationMs = elapsedMs(clock, sinceNs);
      try {
        await reading;
      } finally {
        file.end();
        await finished(file);
      }
      return { samples, everyMs, durationMs };
    },
  };
}
