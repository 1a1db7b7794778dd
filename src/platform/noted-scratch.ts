/** Temporary folders in which something is restored, with the database server that may run in one. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Clock } from './clock.ts';
import { forgetKept, noteKept, scratchSchema } from './kept-scratch.ts';
import { clearLeft, noteOwned } from './owned-notes.ts';
import { removeFolder } from './remove-folder.ts';
import { stateDirectoryAt } from './state-directory.ts';
import { killMariadb } from './stop-mariadb.ts';
import { removePostgres } from './stop-postgres.ts';

export interface NotedScratch {
  readonly folder: string;
  /** It is somebody's from now on, and stays when this process has ended. */
  readonly keep: () => Promise<void>;
  /** With the server that runs in it. */
  readonly remove: () => Promise<void>;
}

export interface ScratchAsked {
  /** Where it is noted. */
  readonly stateDirectory: string;
  readonly signal: AbortSignal;
}

/** When `work` fails nothing is left of it; otherwise whoever gets its result removes it. */
export async function inScratch<Result>(
  kind: string,
  { stateDirectory }: Pick<ScratchAsked, 'stateDirectory'>,
  work: (scratch: NotedScratch) => Promise<Result>,
): Promise<Result> {
  const scratch = await noteScratch(stateDirectory, kind);
  try {
    return await work(scratch);
  } catch (error) {
    await scratch.remove();
    throw error;
  }
}

/** Noted before it is made. `kind`: a word of small letters. */
async function noteScratch(stateDirectory: string, kind: string): Promise<NotedScratch> {
  const folder = join(tmpdir(), `surefoot-${kind}-${randomBytes(3).toString('hex')}`);
  const note = await noteOwned(notesIn(stateDirectory), { folder });
  await mkdir(folder, { mode: 0o700 });
  return {
    folder,
    async keep() {
      await noteKept(stateDirectory, folder);
      await note.remove();
    },
    async remove() {
      await discardScratch(stateDirectory, folder);
      await note.remove();
    },
  };
}

/** What those have left that were killed; why something of it could not be cleared. */
export function clearLeftScratch(stateDirectory: string, clock: Clock): Promise<readonly string[]> {
  const clear = ({ folder }: z.output<typeof scratchSchema>): Promise<void> =>
    discardScratch(stateDirectory, folder);
  return clearLeft(notesIn(stateDirectory), { schema: scratchSchema, clear, clock });
}

/** One that was kept, too, with the server that runs in it. Idempotent. */
export async function discardScratch(stateDirectory: string, folder: string): Promise<void> {
  await removeScratch(folder);
  await forgetKept(stateDirectory, folder);
}

async function removeScratch(folder: string): Promise<void> {
  await removePostgres(stateDirectoryAt(folder));
  await killMariadb(folder);
  await removeFolder(folder);
}

function notesIn(stateDirectory: string): string {
  return join(stateDirectory, 'restoring');
}
