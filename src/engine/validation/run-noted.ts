/**
 * What a run makes outside its evidence is noted before it is made: copies, processes, a database. So the next one can
 * clear what one has left that was killed.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PREVIEW } from '../../config/preview-schema.ts';
import { invariant } from '../../core/invariant.ts';
import { LAUNCH_VARIABLE } from '../../platform/launched-processes.ts';
import { identifyProcess } from '../../platform/process-identity.ts';
import { writeFileAtomically } from '../../platform/write-file-atomically.ts';
import { clearLeftRuns } from './clear-left-runs.ts';
import { clearRun } from './clear-run.ts';
import { COPIES_PREFIX } from './copies-prefix.ts';
import { runChain, type ChainResult, type ChainRun } from './run-chain.ts';
import { noteFolder, type RunNote } from './run-note.ts';
import { scratchFolder } from './scratch-folder.ts';

/**
 * Nothing of it is left in the end, nor of runs that were killed. `finish`: what makes its evidence whole; until then its
 * note says that it is under way.
 */
export async function runNoted<Result>(
  run: Omit<ChainRun, 'workDirectory'>,
  finish: (result: ChainResult) => Promise<Result>,
): Promise<Result> {
  const { stateDirectory, clock } = run;
  const launch = randomUUID();
  const path = join(noteFolder(stateDirectory), `${launch}.json`);
  const note = await newNote(launch);
  await clearLeftRuns(stateDirectory, clock, () => writeFileAtomically(path, JSON.stringify(note)));
  try {
    const { workDirectory } = note;
    await mkdir(workDirectory, { mode: 0o700 });
    const environment = { ...run.environment, [LAUNCH_VARIABLE]: launch };
    return await finish(await runChain({ ...run, workDirectory, environment }));
  } finally {
    await clearRun(path, note, clock);
  }
}

async function newNote(launch: string): Promise<RunNote> {
  const owner = await identifyProcess(process.pid);
  invariant(owner, 'who asks lives');
  const workDirectory = join(tmpdir(), `${COPIES_PREFIX}${sixCharacters()}`);
  return { owner, launch, workDirectory, database: scratchFolder(join(workDirectory, PREVIEW)) };
}

/** As temporary folders have them, by which places in reports are known. */
function sixCharacters(): string {
  return randomBytes(24)
    .toString('base64')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, 6);
}
