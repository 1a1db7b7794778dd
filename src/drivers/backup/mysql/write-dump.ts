/** Takes a dump apart: what it is of, and what MariaDB's own client reads. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { damagedBackup } from '../../../core/backup/damaged-backup.ts';
import { readHead } from '../../../platform/headed-content.ts';
import { isWholeDump } from './is-whole-dump.ts';
import { originSchema, type Origin } from './origin.ts';

/** Throws `backup-damaged` for what does not say what it is, or is not whole. */
export async function writeDump(content: AsyncIterable<Uint8Array>, path: string): Promise<Origin> {
  const { head, rest } = await readHead(content, originSchema);
  try {
    await pipeline(rest, createGunzip(), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    if (!(error instanceof Error) || !isOfZlib(error)) throw error;
    throw damagedBackup(`It cannot be unpacked: ${error.message}`, error);
  }
  if (!(await isWholeDump(path))) throw damagedBackup('It is cut off: its last line is missing');
  return head;
}

function isOfZlib(error: Error): boolean {
  return 'code' in error && String(error.code).startsWith('Z_');
}
