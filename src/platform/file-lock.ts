/**
 * A lock on a file that the kernel releases when its holder ends, however it ends. Node has no
 * flock(2); SQLite's exclusive transaction holds a POSIX lock on the file, also against other
 * connections of the same process. Nothing is ever written to the file, and nobody removes it.
 */
import { DatabaseSync } from 'node:sqlite';
import { operationalError } from '../core/operational-error.ts';
import { elapsedMs, systemClock, type Clock } from './clock.ts';

const SQLITE_BUSY = 5;
const POLL_MS = 25;

export interface FileLock {
  release(): void;
}

/** Null when somebody else holds the lock. The file's folder must exist. */
export function tryFileLock(path: string): FileLock | null {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (isBusy(error)) return null;
    throw operationalError('state-directory-unusable', `The lock file ${path} cannot be used.`, {
      cause: error,
    });
  }
  const held = database;
  return {
    release() {
      held.close();
    },
  };
}

/** Waits until whoever holds the lock has ended, however long that takes. */
export async function untilFileLocked(path: string, clock: Clock = systemClock): Promise<FileLock> {
  for (;;) {
    const lock = tryFileLock(path);
    if (lock) return lock;
    await clock.sleep(POLL_MS);
  }
}

/** Runs `work` alone among all processes that use the same path; waits for the others. */
export async function withFileLock<Result>(
  path: string,
  options: {
    readonly waitMs: number;
    readonly clock?: Clock | undefined;
    readonly signal?: AbortSignal | undefined;
  },
  work: () => Promise<Result>,
): Promise<Result> {
  const clock = options.clock ?? systemClock;
  const since = clock.monotonicNs();
  let lock = tryFileLock(path);
  while (lock === null) {
    if (elapsedMs(clock, since) > options.waitMs) {
      throw operationalError(
        'state-directory-unusable',
        `Another process has held ${path} for more than ${options.waitMs} ms.`,
      );
    }
    await clock.sleep(POLL_MS, options.signal);
    lock = tryFileLock(path);
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
