/** The note of a run: who makes it, and what of it lies outside its evidence. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { unlessMissing } from '../../platform/unless-missing.ts';

const runNote = z.object({
  owner: z.object({ pid: z.number(), startTime: z.string() }),
  /** In the environment of all its processes. */
  launch: z.string(),
  workDirectory: z.string(),
  /** The folder of the preview's database. */
  database: z.string(),
});

export type RunNote = z.infer<typeof runNote>;

/** Of runs that are under way, or were killed. */
export function noteFolder(stateDirectory: string): string {
  return join(stateDirectory, 'running-checks');
}

/** Whoever holds it is the only one that begins a run or removes what is left of one. */
export function lockOfNotes(folder: string): string {
  return join(folder, 'lock');
}

/** `run`: null of one that is over meanwhile, or was written by another version. */
export async function notesIn(
  folder: string,
): Promise<readonly { readonly name: string; readonly run: RunNote | null }[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  return Promise.all(
    names.map(async (name) => ({ name, run: await readNote(join(folder, name)) })),
  );
}

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
