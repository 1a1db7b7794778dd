/** Streams encrypted in chunks: in the memory of a few of them, and each held against its seal before it is handed out. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { damagedBackup } from '../core/backup/damaged-backup.ts';
import {
  CHUNK_BYTES,
  chunkCipher,
  COMMITMENT_BYTES,
  SALT_BYTES,
  TAG_BYTES,
  type ChunkCipher,
} from './chunk-cipher.ts';
import { splitBytes } from './split-bytes.ts';

export interface StreamKey {
  /** 32 random bytes. */
  readonly key: Buffer;
  /** What the stream belongs to: with another it cannot be decrypted. */
  readonly context: string;
}

/** `salt`: never the same twice with a key. */
export async function* encryptStream(
  plain: AsyncIterable<Uint8Array>,
  { key, context }: StreamKey,
  salt: Buffer = randomBytes(SALT_BYTES),
): AsyncGenerator<Buffer> {
  const cipher = chunkCipher(key, { salt, context });
  yield Buffer.concat([salt, cipher.commitment]);
  let at = 0;
  for await (const chunk of splitBytes(plain, CHUNK_BYTES)) {
    yield cipher.seal(chunk, at);
    at += 1;
  }
}

/**
 * Throws `backup-damaged` for what was changed, cut off, or encrypted by another key or for something else. What came
 * before that is as it was encrypted, and not all of it: only who has come to the end has the message.
 */
export async function* decryptStream(
  sealed: AsyncIterable<Uint8Array>,
  { key, context }: StreamKey,
): AsyncGenerator<Buffer> {
  const source = sealed[Symbol.asyncIterator]();
  const { head, rest } = await takeHead(source, SALT_BYTES + COMMITMENT_BYTES);
  const cipher = cipherOf(head, { key, context });
  let at = 0;
  let isWhole = false;
  for await (const chunk of splitBytes(continued(rest, source), CHUNK_BYTES + TAG_BYTES)) {
    const plain = cipher.open(chunk, at);
    if (plain === null) throw damagedBackup(chunk.length === 0 ? 'It is cut off' : seal(at));
    isWhole = plain.length < CHUNK_BYTES;
    at += 1;
    yield plain;
  }
  if (!isWhole) throw damagedBackup('It is cut off');
}

function cipherOf(head: Buffer, { key, context }: StreamKey): ChunkCipher {
  const salt = head.subarray(0, SALT_BYTES);
  const cipher = chunkCipher(key, { salt, context });
  if (timingSafeEqual(head.subarray(SALT_BYTES), cipher.commitment)) return cipher;
  throw damagedBackup('It was encrypted by another key, or belongs to something else');
}

async function takeHead(
  source: AsyncIterator<Uint8Array>,
  bytes: number,
): Promise<{ readonly head: Buffer; readonly rest: Buffer }> {
  let taken = Buffer.alloc(0);
  while (taken.length < bytes) {
    const next = await source.next();
    if (next.done) throw damagedBackup('It is cut off');
    taken = Buffer.concat([taken, next.value]);
  }
  return { head: taken.subarray(0, bytes), rest: taken.subarray(bytes) };
}

async function* continued(
  first: Buffer,
  source: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
  } finally {
    await source.return?.();
  }
}

function seal(at: number): string {
  return `Its chunk ${at + 1} is not what was encrypted`;
}
