/** Makes a database of a copy in a folder of its own, and looks whether it is whole. */
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pipeline } from 'node:stream/promises';
import { inScratch, type ScratchAsked } from '../../../platform/noted-scratch.ts';
import type { ContentPart } from '../../../core/backup/content.ts';
import { damagedBackup } from '../../../core/backup/damaged-backup.ts';
import { sqliteContent } from '../../../platform/sqlite-content.ts';
import type { Restored } from '../../contract.ts';
import { damagedBySqlite, isSqliteDamage } from './sqlite-errors.ts';

const FAULTS_MAX = 10;

export async function restoreSqlite(
  content: AsyncIterable<Uint8Array>,
  asked: ScratchAsked,
): Promise<Restored> {
  const { signal } = asked;
  try {
    return await inScratch('sqlite', asked, async ({ folder, keep, remove }) => {
      const address = join(folder, 'database.sqlite');
      await writeSqlite(content, address, signal);
      return {
        ...{ address, keep, remove, parts: () => sqliteParts(address, signal) },
        faults: () => Promise.resolve(sqliteFaults(address)),
      };
    });
  } catch (error) {
    throw damagedBySqlite(error);
  }
}

/** Of one that is not there yet. */
export async function writeSqlite(
  content: AsyncIterable<Uint8Array>,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  await pipeline(content, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
  await refusePart(path);
}

export async function sqliteParts(
  path: string,
  signal: AbortSignal,
): Promise<readonly ContentPart[]> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return await sqliteContent(database, signal);
  } catch (error) {
    throw damagedBySqlite(error);
  } finally {
    database.close();
  }
}

const HEADER_BYTES = 100;

/** SQLite itself reads what is there of one that is cut. Source: https://sqlite.org/fileformat2.html, the header. */
async function refusePart(path: string): Promise<void> {
  const file = await open(path);
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    await file.read(header, 0, HEADER_BYTES, 0);
    if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
      throw damagedBackup('It is no SQLite database');
    }
    const pageBytes = header.readUInt16BE(16);
    const bytes = (pageBytes === 1 ? 65_536 : pageBytes) * header.readUInt32BE(28);
    const { size } = await file.stat();
    if (size !== bytes) throw damagedBackup(`It has ${size} bytes, and says ${bytes} of itself`);
  } finally {
    await file.close();
  }
}

/** Each page of it, and each index against its table. */
export function sqliteFaults(path: string): readonly string[] {
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      const rows = database.prepare(`PRAGMA integrity_check(${FAULTS_MAX})`).all();
      const said = rows.map((row) => String(row['integrity_check']));
      return said.length === 1 && said[0] === 'ok' ? [] : said;
    } finally {
      database.close();
    }
  } catch (error) {
    if (isSqliteDamage(error)) return [error.message];
    throw damagedBySqlite(error);
  }
}
