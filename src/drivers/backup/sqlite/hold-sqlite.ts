/** Holds a database alone, as one file without a log beside it: only so may the file be replaced. */
import { open } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { operationalError } from '../../../core/operational-error.ts';
import { isSqliteError, unverifiableBySqlite } from './sqlite-errors.ts';

/** Longer than a transaction that is at its end. */
const BUSY_MS = 2_000;
/** Source: https://sqlite.org/rescode.html, primary codes. */
const BUSY = [5, 6];

/** Of one that is there. Who opens it meanwhile waits. Throws `not-switched` while somebody else works with it. */
export async function holdingSqlite<Result>(
  path: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const database = heldDatabase(path);
  try {
    return await work();
  } finally {
    database.close();
  }
}

function heldDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    // Brings the log into the file and removes it; SQLite does so only when nobody else has it open.
    database.exec('PRAGMA journal_mode = DELETE');
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (!isSqliteError(error) || !BUSY.includes(error.errcode & 0xff)) {
      throw unverifiableBySqlite(error);
    }
    const message = `"${path}" is in use: SQLite says: ${error.message}. Stop what works with it.`;
    throw operationalError('not-switched', message, { cause: error });
  }
}

const WRITE_VERSION_AT = 18;
const WAL = 2;

/** Whether it keeps a log beside it. Source: https://sqlite.org/fileformat2.html, the header. */
export async function isInWalMode(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, WRITE_VERSION_AT);
    return buffer[0] === WAL;
  } finally {
    await file.close();
  }
}

/** What takes the place of one has its mode. It is closed again as one file. */
export function setWalMode(path: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA journal_mode = WAL');
  } finally {
    database.close();
  }
}
