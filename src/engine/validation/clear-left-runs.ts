/** Clears what runs have left that were killed: of this state directory, and of owners that live no more. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { withFileLock } from '../../platform/file-lock.ts';
import { isSameProcess } from '../../platform/process-identity.ts';
import { clearRun } from './clear-run.ts';
import { lockOfNotes, noteFolder, notesIn } from './run-note.ts';

/** Longer than a database may take to stop. */
const LOCK_WAIT_MS = 120_000;

/**
 * Idempotent, and safe to call from several processes at once: one acts, the others wait. `next`: what is done while
 * nobody else begins a run, or removes an old one.
 */
export async function clearLeftRuns(
  stateDirectory: string,
  clock: Clock,
  next: () => void = () => undefined,
): Promise<void> {
  const folder = noteFolder(stateDirectory);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await withFileLock(lockOfNotes(folder), { waitMs: LOCK_WAIT_MS, clock }, async () => {
    for (const { name, run } of await notesIn(folder)) {
      if (run && !(await isSameProcess(run.owner))) await clearRun(join(folder, name), run, clock);
    }
    next();
  });
}
