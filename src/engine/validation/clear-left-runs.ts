/** Clears what runs have left that were killed: of this state directory, and of owners that live no more. */
import type { Clock } from '../../platform/clock.ts';
import { clearAbandoned } from '../../platform/owned-notes.ts';
import { clearRun } from './clear-run.ts';
import { noteFolder, runNote } from './run-note.ts';

/** Resolves to what `next` does, while nobody else begins a run, or removes an old one. */
export function clearLeftRuns<Next>(
  stateDirectory: string,
  clock: Clock,
  next: () => Promise<Next>,
): Promise<Next> {
  return clearAbandoned(noteFolder(stateDirectory), {
    ...{ schema: runNote, clock, next },
    async clear(run) {
      await clearRun(run, clock);
      return true;
    },
  });
}
