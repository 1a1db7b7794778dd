/** Takes a dump apart: what it is of, and what PostgreSQL's own programs read. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { readHead } from '../../../platform/headed-content.ts';
import { originSchema, type Origin } from './origin.ts';

/** What comes after the first line goes into the file. Throws `backup-damaged` for what does not say what it is. */
export async function writeDump(content: AsyncIterable<Uint8Array>, path: string): Promise<Origin> {
  const { head, rest } = await readHead(content, originSchema);
  await pipeline(rest, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  return head;
}
