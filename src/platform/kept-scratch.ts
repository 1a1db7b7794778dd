/** Notes of the temporary folders that somebody wanted to have for himself: who looks for them later finds them. */
import { lstat, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { unlessMissing } from './unless-missing.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

/** Nothing else is ever removed, whatever a note says. */
export const scratchSchema = z.object({
  folder: z.string().regex(/\/surefoot-[a-z]+-[0-9a-f]{6}$/),
});

export interface KeptScratch {
  readonly folder: string;
  /** RFC 3339. */
  readonly keptAt: string;
}

export async function noteKept(stateDirectory: string, folder: string): Promise<void> {
  await mkdir(notesIn(stateDirectory), { recursive: true, mode: 0o700 });
  writeFileAtomically(noteOf(stateDirectory, folder), JSON.stringify({ folder }));
}

export function forgetKept(stateDirectory: string, folder: string): Promise<void> {
  return rm(noteOf(stateDirectory, folder), { force: true });
}

/** Those that are there; oldest first. */
export async function keptScratch(stateDirectory: string): Promise<readonly KeptScratch[]> {
  const names = (await unlessMissing(readdir(notesIn(stateDirectory)))) ?? [];
  const paths = names.filter((name) => name.endsWith('.json'));
  const kept = await Promise.all(paths.map((name) => lookAt(join(notesIn(stateDirectory), name))));
  return kept.flat().sort((one, other) => (one.keptAt < other.keptAt ? -1 : 1));
}

async function lookAt(note: string): Promise<readonly KeptScratch[]> {
  const [found, text] = await Promise.all([
    unlessMissing(lstat(note)),
    unlessMissing(readFile(note, 'utf8')),
  ]);
  const { folder } = scratchSchema.safeParse(jsonIn(text ?? '')).data ?? {};
  if (!found || folder === undefined) return [];
  const isThere = await unlessMissing(lstat(folder));
  return isThere ? [{ folder, keptAt: found.mtime.toISOString() }] : [];
}

/** Null of what is damaged: it names nothing that could be removed. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function noteOf(stateDirectory: string, folder: string): string {
  return join(notesIn(stateDirectory), `${basename(folder)}.json`);
}

function notesIn(stateDirectory: string): string {
  return join(stateDirectory, 'restored');
}
