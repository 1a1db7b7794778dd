/** Takes a dump apart: what it is of, and what PostgreSQL's own programs read. */
import { open } from 'node:fs/promises';
import { damagedBackup } from '../../../core/backup/damaged-backup.ts';
import { ORIGIN_BYTES_MAX, originSchema, type Origin } from './origin.ts';

const LINE_END = 0x0a;

/** What comes after the first line goes into the file. Throws `backup-damaged` for what does not say what it is. */
export async function writeDump(content: AsyncIterable<Uint8Array>, path: string): Promise<Origin> {
  const file = await open(path, 'wx', 0o600);
  try {
    let line = Buffer.alloc(0);
    let origin: Origin | null = null;
    for await (const piece of content) {
      if (origin) {
        await file.writeFile(piece);
        continue;
      }
      line = Buffer.concat([line, piece]);
      const end = line.indexOf(LINE_END);
      if (end < 0 && line.length <= ORIGIN_BYTES_MAX) continue;
      origin = originOf(line.subarray(0, Math.max(end, 0)));
      await file.writeFile(line.subarray(end + 1));
    }
    return origin ?? originOf(line);
  } finally {
    await file.close();
  }
}

function originOf(line: Buffer): Origin {
  try {
    const found = originSchema.safeParse(JSON.parse(line.toString('utf8')));
    if (found.success) return found.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw damagedBackup('It does not say what it is a dump of');
}
