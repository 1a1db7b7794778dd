/** Ends and removes what a run has made outside its evidence. */
import { existsSync } from 'node:fs';
import type { Clock } from '../../platform/clock.ts';
import { endProcesses } from '../../platform/end-processes.ts';
import { findLaunchedProcesses } from '../../platform/launched-processes.ts';
import { removeFolder } from '../../platform/remove-folder.ts';
import type { RunNote } from './run-note.ts';

const GRACE_MS = 2_000;

/** Idempotent. */
export async function clearRun(
  { launch, workDirectory, database }: RunNote,
  clock: Clock,
): Promise<void> {
  const found = await findLaunchedProcesses(launch, null);
  // With the group of each, in which may be what has dropped the id.
  const leaders = found.filter(({ pid, group }) => pid === group);
  const { signal } = new AbortController();
  await Promise.all(
    [null, ...leaders].map((leader) =>
      endProcesses({ launch, leader, graceMs: GRACE_MS, clock, signal }),
    ),
  );
  if (existsSync(database)) {
    // The command line carries no database for those who need none.
    const { removeScratchDatabase } = await import('./scratch-database.ts');
    await removeScratchDatabase(database);
  }
  await removeFolder(workDirectory);
}
