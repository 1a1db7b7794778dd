/** Clears what runs have left that were killed: of this state directory, and of owners that live no more. */
import type { Clock } from '../../platform/clock.ts';
import { clearAbandoned } from '../../platform/owned-notes.ts';
import { clearRun } from './clear-run.ts';
import { noteFolder, runNote } from './run-note.ts';

/** `next`: what is done while nobody else begins a run, or removes an old one. */
export async function clearLeftRuns(
  stateDirectory: string,
  clock: Clock,
  next?: () => Promise<void>,
): Promise<void> {
  await clearAbandoned(noteFolder(stateDirectory), {
    ...{ schema: runNote, clock, ...(next && { next }) },
    async clear(run) {
      await clearRun(run, clock);
      return true;
    },
  });
}
