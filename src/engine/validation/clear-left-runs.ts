/** Clears what runs have left that were killed: of this state directory, and of owners that live no more. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { withFileLock } from '../../platform/file-lock.ts';
import { isSameProcess } from '../../platform/process-identity.ts';
import { unlessMissing } from '../../platform/unless-missing.ts';
import { clearRun } from './clear-run.ts';
import { noteFolder, runNote, type RunNote } from './run-note.ts';

/** Longer than a database may take to stop. */
const LOCK_WAIT_MS = 120_000;

/** Idempotent, and safe to call from several processes at once: one acts, the others wait. */
export async function clearLeftRuns(stateDirectory: string, clock: Clock): Promise<void> {
  const folder = noteFolder(stateDirectory);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await withFileLock(join(folder, 'lock'), { waitMs: LOCK_WAIT_MS, clock }, async () => {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
    for (const name of names) {
      const run = await readNote(join(folder, name));
      if (run && !(await isSameProcess(run.owner))) await clearRun(join(folder, name), run, clock);
    }
  });
}

/** Null of one that is over meanwhile, or was written by another version. */
async function readNote(path: string): Promise<RunNote | null> {
  const text = await unlessMissing(readFile(path, 'utf8'));
  if (text === null) return null;
  try {
    return runNote.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
