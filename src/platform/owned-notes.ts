/** Notes of what a process is about to make, so that who comes next can clear what one has left that was killed. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { invariant } from '../core/invariant.ts';
import { OperationalError } from '../core/operational-error.ts';
import type { Clock } from './clock.ts';
import { withFileLock } from './file-lock.ts';
import { isSystemError } from './is-system-error.ts';
import { identifyProcess, isSameProcess } from './process-identity.ts';
import { unlessMissing } from './unless-missing.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

export interface OwnedNote {
  /** Nobody clears it any more. */
  readonly remove: () => Promise<void>;
}

const noteSchema = z.object({
  owner: z.object({ pid: z.number(), startTime: z.string() }),
  made: z.unknown(),
});

/** Longer than what is cleared may take to stop. */
const LOCK_WAIT_MS = 120_000;

/** Before it is made. `made` must say all that is needed to clear it. */
export async function noteOwned(folder: string, made: unknown): Promise<OwnedNote> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const owner = await identifyProcess(process.pid);
  invariant(owner, 'who notes lives');
  const path = join(folder, `${randomUUID()}.json`);
  writeFileAtomically(path, JSON.stringify({ owner, made }));
  return { remove: () => rm(path, { force: true }) };
}

export interface Clearing<Made> {
  readonly schema: z.ZodType<Made>;
  /** Idempotent. */
  readonly clear: (made: Made) => Promise<void>;
  readonly clock: Clock;
}

/**
 * Clears what is noted of owners that live no more; several may call it at once. Resolves to why something could not be
 * cleared, a sentence each: whoever needs a backup now must not be stopped by that, and the next one tries again.
 */
export async function clearLeft<Made>(
  folder: string,
  { schema, clear, clock }: Clearing<Made>,
): Promise<readonly string[]> {
  if ((await unlessMissing(readdir(folder))) === null) return [];
  const why: string[] = [];
  await withFileLock(join(folder, 'lock'), { waitMs: LOCK_WAIT_MS, clock }, async () => {
    for (const name of (await readdir(folder)).filter((found) => found.endsWith('.json'))) {
      const path = join(folder, name);
      const note = await readNote(path, schema);
      if (!note || (await isSameProcess(note.owner))) continue;
      try {
        await clear(note.made);
        await rm(path, { force: true });
      } catch (error) {
        if (!isSystemError(error) && !(error instanceof OperationalError)) throw error;
        why.push(error.message);
      }
    }
  });
  return why;
}

/** What is noted of owners that live. */
export async function livingNotes<Made>(
  folder: string,
  schema: z.ZodType<Made>,
): Promise<readonly Made[]> {
  const names = (await unlessMissing(readdir(folder))) ?? [];
  const living: Made[] = [];
  for (const name of names.filter((found) => found.endsWith('.json'))) {
    const note = await readNote(join(folder, name), schema);
    if (note && (await isSameProcess(note.owner))) living.push(note.made);
  }
  return living;
}

/** Null of one that is over meanwhile, or was written by another version. */
async function readNote<Made>(path: string, schema: z.ZodType<Made>) {
  const text = await unlessMissing(readFile(path, 'utf8'));
  if (text === null) return null;
  try {
    const note = noteSchema.safeParse(JSON.parse(text)).data;
    const made = schema.safeParse(note?.made).data;
    return note && made !== undefined ? { owner: note.owner, made } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
