/** Copies a SQLite database and counts what is in it, both within one transaction that reads. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import type { ContentPart } from '../../../core/backup/content.ts';
import { inScratch, type ScratchAsked } from '../../../platform/noted-scratch.ts';
import { sqliteContent } from '../../../platform/sqlite-content.ts';
import type { Taken } from '../../contract.ts';
import { unverifiableBySqlite } from './sqlite-errors.ts';

/** A writer that holds the whole database holds it for less. */
const BUSY_MS = 10_000;
/** Few enough to let others have their turn, many enough to be fast. */
const PAGES_AT_ONCE = 1_000;

export async function takeSqlite(path: string, asked: ScratchAsked): Promise<Taken> {
  asked.signal.throwIfAborted();
  try {
    return await inScratch('sqlite', asked, async ({ folder, remove: close }) => {
      const copy = join(folder, 'copy');
      const { version, parts } = await copyTo(copy, path, asked.signal);
      return {
        server: `SQLite ${version}`,
        content: createReadStream(copy) as AsyncIterable<Buffer>,
        parts: () => Promise.resolve(parts),
        close,
      };
    });
  } catch (error) {
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
