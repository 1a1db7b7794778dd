/** Uploaded files, addressed by the digest of their content and kept in the database. */
import { createHash } from 'node:crypto';
import { inTransaction, type Database } from './database.ts';
import { enqueue } from './job-store.ts';

export interface MediaEntry {
  readonly digest: string;
  readonly type: string;
  readonly name: string;
  readonly bytes: number;
  readonly verified: boolean;
}

export interface NewMedia {
  readonly type: string;
  readonly name: string;
  readonly data: Buffer;
  readonly uploadedBy: number;
}

/** The same content twice is stored once. */
export async function storeMedia(database: Database, media: NewMedia): Promise<string> {
  const digest = createHash('sha256').update(media.data).digest('hex');
  await inTransaction(database, async (transaction) => {
    const { rowCount } = await transaction.query(
      `insert into media (digest, type, name, bytes, data, uploaded_by)
       values ($1, $2, $3, $4, $5, $6) on conflict (digest) do nothing`,
      [digest, media.type, media.name, media.data.length, media.data, media.uploadedBy],
    );
    if (rowCount === 1) await enqueue(transaction, { kind: 'verify-media', subject: digest });
  });
  return digest;
}

export async function findMedia(database: Database, digest: string): Promise<MediaEntry | null> {
  const { rows } = await database.query<MediaEntry>(
    `select digest, type, name, bytes, verified_at is not null as verified
     from media where digest = $1`,
    [digest],
  );
  return rows[0] ?? null;
}

/** Both ends count, as in a Range header. */
export async function readMediaRange(
  database: Database,
  digest: string,
  range: { readonly first: number; readonly last: number },
): Promise<Buffer> {
  const { rows } = await database.query<{ part: Buffer }>(
    'select substring(data from $2::integer for $3::integer) as part from media where digest = $1',
    [digest, range.first + 1, range.last - range.first + 1],
  );
  return rows[0]?.part ?? Buffer.alloc(0);
}

export async function listMedia(database: Database): Promise<readonly MediaEntry[]> {
  const { rows } = await database.query<MediaEntry>(
    `select digest, type, name, bytes, verified_at is not null as verified
     from media order by created_at desc limit 50`,
  );
  return rows;
}
