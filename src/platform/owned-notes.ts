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
import { identifyProcess, isSameProcess, type ProcessIdentity } from './process-identity.ts';
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

export interface Clearing<Made, Next> {
  readonly schema: z.ZodType<Made>;
  /** Idempotent; false when something of it is there yet. */
  readonly clear: (made: Made) => Promise<boolean>;
  readonly clock: Clock;
  /** What is done while nobody else clears, or notes by this. */
  readonly next: () => Promise<Next>;
}

/** Whoever holds it is the only one that clears what is noted in the folder. */
export function lockOfNotes(folder: string): string {
  return join(folder, 'lock');
}

/**
 * Clears what is noted of owners that live no more. Safe to call from several processes at once: one acts, the others wait.
 * The note goes last: until then all of it can be done again. Resolves to what `next` does; throws what clearing throws.
 */
export async function clearAbandoned<Made, Next>(
  folder: string,
  { schema, clear, clock, next }: Clearing<Made, Next>,
): Promise<Next> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return withFileLock(lockOfNotes(folder), { waitMs: LOCK_WAIT_MS, clock }, async () => {
    for (const { path, owner, made } of await notesIn(folder, schema)) {
      if (!owner || made === null || (await isSameProcess(owner))) continue;
      if (await clear(made)) await rm(path, { force: true });
    }
    return next();
  });
}

export interface LeftBehind<Made> {
  readonly schema: z.ZodType<Made>;
  /** Idempotent. */
  readonly clear: (made: Made) => Promise<void>;
  readonly clock: Clock;
}

/**
 * The same for whoever must not be stopped by what cannot be cleared, which the next one tries again. Resolves to why not, a
 * sentence each.
 */
export async function clearLeft<Made>(
  folder: string,
  { schema, clear, clock }: LeftBehind<Made>,
): Promise<readonly string[]> {
  if ((await unlessMissing(readdir(folder))) === null) return [];
  const why: string[] = [];
  await clearAbandoned(folder, {
    ...{ schema, clock, next: () => Promise.resolve() },
    async clear(made: Made) {
      try {
        await clear(made);
        return true;
      } catch (error) {
        if (!isSystemError(error) && !(error instanceof OperationalError)) throw error;
        why.push(error.message);
        return false;
      }
    },
  });
  return why;
}

/** What is noted of owners that live. */
export async function livingNotes<Made>(
  folder: string,
  schema: z.ZodType<Made>,
): Promise<readonly Made[]> {
  const living: Made[] = [];
  for (const { owner, made } of await notesIn(folder, schema)) {
    if (owner && made !== null && (await isSameProcess(owner))) living.push(made);
  }
  return living;
}

interface FoundNote<Made> {
  readonly path: string;
  /** Null of one that is over meanwhile, or damaged. */
  readonly owner: ProcessIdentity | null;
  /** Null as well of one that another version has written. */
  readonly made: Made | null;
}

export async function notesIn<Made>(
  folder: string,
  schema: z.ZodType<Made>,
): Promise<readonly FoundNote<Made>[]> {
  const names = (await unlessMissing(readdir(folder))) ?? [];
  const paths = names.filter((name) => name.endsWith('.json')).map((name) => join(folder, name));
  return Promise.all(paths.map((path) => readNote(path, schema)));
}

async function readNote<Made>(path: string, schema: z.ZodType<Made>): Promise<FoundNote<Made>> {
  const text = await unlessMissing(readFile(path, 'utf8'));
  const note = noteSchema.safeParse(text === null ? null : jsonIn(text)).data;
  return { path, owner: note?.owner ?? null, made: schema.safeParse(note?.made).data ?? null };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
