/**
 * What a run makes outside its evidence is noted before it is made: copies, processes, a database. So the next one can
 * clear what one has left that was killed.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PREVIEW } from '../../config/preview-schema.ts';
import type { Clock } from '../../platform/clock.ts';
import { LAUNCH_VARIABLE } from '../../platform/launched-processes.ts';
import { noteOwned } from '../../platform/owned-notes.ts';
import { clearLeftRuns } from './clear-left-runs.ts';
import { clearRun } from './clear-run.ts';
import { noteFolder, type RunNote } from './run-note.ts';
import { scratchFolder } from './scratch-folder.ts';

export interface NotedRun {
  /** Its own; what lies in it goes in the end. */
  readonly workDirectory: string;
  /** For all its processes: by this they are found. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Nothing of it is left in the end, nor of runs that were killed. */
export async function notedRun<Result>(
  { stateDirectory, clock }: { readonly stateDirectory: string; readonly clock: Clock },
  work: (run: NotedRun) => Promise<Result>,
): Promise<Result> {
  const run = newRun();
  const note = await clearLeftRuns(stateDirectory, clock, () =>
    noteOwned(noteFolder(stateDirectory), run),
  );
  try {
    const { workDirectory, launch } = run;
    await mkdir(workDirectory, { mode: 0o700 });
    return await work({ workDirectory, environment: { [LAUNCH_VARIABLE]: launch } });
  } finally {
    await clearRun(run, clock);
    await note.remove();
  }
}

function newRun(): RunNote {
  // Nobody guesses its name: by that places in reports are known to be in it.
  const workDirectory = join(tmpdir(), `surefoot-check-${randomBytes(5).toString('hex')}`);
  const database = scratchFolder(join(workDirectory, PREVIEW));
  return { launch: randomUUID(), workDirectory, database };
}
