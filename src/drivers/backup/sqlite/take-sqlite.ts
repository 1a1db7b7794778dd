/** Copies a SQLite database and counts what is in it, both within one transaction that reads. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import type { ContentPart } from '../../../core/backup/content.ts';
import { noteScratch } from '../../../platform/noted-scratch.ts';
import { sqliteContent } from '../../../platform/sqlite-content.ts';
import type { Taken } from '../../contract.ts';
import { unverifiableBySqlite } from './sqlite-errors.ts';

export interface SqliteAsked {
  /** Where temporary folders are noted. */
  readonly stateDirectory: string;
  readonly signal: AbortSignal;
}

/** A writer that holds the whole database holds it for less. */
const BUSY_MS = 10_000;
/** Few enough to let others have their turn, many enough to be fast. */
const PAGES_AT_ONCE = 1_000;

export async function takeSqlite(path: string, asked: SqliteAsked): Promise<Taken> {
  asked.signal.throwIfAborted();
  const { folder, remove } = await noteScratch(asked.stateDirectory, 'sqlite');
  const copy = join(folder, 'copy');
  try {
    const { version, parts } = await copyTo(copy, path, asked.signal);
    return {
      server: `SQLite ${version}`,
      content: createReadStream(copy) as AsyncIterable<Buffer>,
      parts: () => Promise.resolve(parts),
      close: remove,
    };
  } catch (error) {
    await remove();
    throw unverifiableBySqlite(error);
  }
}

async function copyTo(
  copy: string,
  path: string,
  signal: AbortSignal,
): Promise<{ readonly version: string; readonly parts: readonly ContentPart[] }> {
  const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
  try {
    database.exec('BEGIN');
    // The moment is that of the first look; it is kept until the session is closed.
    const version = database
      .prepare('SELECT sqlite_version() AS v FROM (SELECT count(*) FROM sqlite_schema)')
      .get();
    await backup(database, copy, { rate: PAGES_AT_ONCE, progress: () => signal.throwIfAborted() });
    return { version: String(version?.['v']), parts: await sqliteContent(database, signal) };
  } finally {
    database.close();
  }
}
