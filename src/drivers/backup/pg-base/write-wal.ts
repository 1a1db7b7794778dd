/** Puts segments of a log into a restored cluster, each held against the cluster and its own name. */
import { chown, open } from 'node:fs/promises';
import { join } from 'node:path';
import { damagedBackup } from '../../../core/backup/damaged-backup.ts';
import type { PostgresPlace } from '../../../platform/postgres-place.ts';
import { splitBytes } from '../../../platform/split-bytes.ts';
import type { LogSegment } from '../../contract.ts';
import { systemIn } from './look-at-cluster.ts';
import { HEADER_BYTES, walFileOf, walHeaderIn, walIdOf, walPlaceOf } from './wal-segment.ts';

const WRITE_BYTES = 256 * 1024;

/** Throws `backup-damaged` for what is none of this cluster. */
export async function writeWal(
  segments: AsyncIterable<LogSegment>,
  { dataDirectory, account }: Pick<PostgresPlace, 'dataDirectory' | 'account'>,
): Promise<void> {
  const system = await systemIn(dataDirectory);
  for await (const segment of segments) {
    const place = walPlaceOf(segment.id);
    if (place?.system !== system) throw damagedBackup(`${segment.id} is of another cluster`);
    const path = await writeOne(segment, join(dataDirectory, 'pg_wal'));
    if (account) await chown(path, account.uid, account.gid);
  }
}

/** What is missing of its size is zeros. */
async function writeOne(segment: LogSegment, folder: string): Promise<string> {
  const { id } = segment;
  const pieces = splitBytes(segment.content(), WRITE_BYTES);
  const first = await pieces.next();
  const head = first.done ? Buffer.alloc(0) : Buffer.from(first.value);
  const header = walHeaderIn(head.subarray(0, HEADER_BYTES));
  if (!header || walIdOf(header) !== id) {
    await pieces.return(undefined);
    throw damagedBackup(`What is kept as ${id} is another segment`);
  }
  const path = join(folder, walFileOf(header, header.bytes));
  const file = await open(path, 'w', 0o600);
  try {
    let written = head.length;
    await file.writeFile(head);
    for await (const piece of pieces) {
      written += piece.length;
      if (written > header.bytes) throw damagedBackup(`${id} is longer than a segment`);
      await file.writeFile(piece);
    }
    await file.truncate(header.bytes);
  } finally {
    await file.close();
  }
  return path;
}
