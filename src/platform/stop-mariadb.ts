/** Ends the MariaDB server that runs in the folder of a scratch, whoever has started it. */
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { systemClock, type Clock } from './clock.ts';
import { endProcesses } from './end-processes.ts';
import { isSameProcess, type ProcessIdentity } from './process-identity.ts';
import { unlessMissing } from './unless-missing.ts';

/** Longer than it takes to write what it holds in memory. */
const GRACE_MS = 10 * 60_000;

const recordSchema = z.object({ pid: z.number().int().min(2), startTime: z.string() });

export function mariadbFolder(folder: string): string {
  return join(folder, 'mariadb');
}

/** Its process, so that it is found where none can be looked for. */
export function mariadbRecord(folder: string): string {
  return join(folder, 'mariadb.json');
}

/** In an orderly way: all that it holds is in its files then. Idempotent. */
export function stopMariadb(folder: string, clock: Clock): Promise<void> {
  return end(folder, { graceMs: GRACE_MS, clock });
}

/** At once, as its data goes with it. Idempotent; nothing where there never was one. */
export async function killMariadb(folder: string): Promise<void> {
  if ((await unlessMissing(stat(mariadbFolder(folder)))) === null) return;
  await end(folder, { graceMs: 0, clock: systemClock });
}

async function end(
  folder: string,
  how: { readonly graceMs: number; readonly clock: Clock },
): Promise<void> {
  // One that was killed before it has written it down is found by what it was started with.
  const leader = await leaderIn(mariadbRecord(folder));
  const signal = new AbortController().signal;
  await endProcesses({ launch: basename(folder), leader, ...how, signal });
}

async function leaderIn(path: string): Promise<ProcessIdentity | null> {
  const text = await unlessMissing(readFile(path, 'utf8'));
  try {
    const found = recordSchema.safeParse(JSON.parse(text ?? 'null')).data ?? null;
    return found && (await isSameProcess(found)) ? found : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
