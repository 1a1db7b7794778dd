/** How many megabytes a second are encrypted and decrypted, with nothing else in the way. */
import { randomBytes } from 'node:crypto';
import { KEY_BYTES } from '../../../src/platform/chunk-cipher.ts';
import { decryptStream, encryptStream } from '../../../src/platform/encrypted-stream.ts';

export interface CipherFigures {
  /** MB/s. */
  readonly encrypted: number;
  readonly decrypted: number;
}

const PIECE_BYTES = 256 * 1024;
const PIECES = 1_024;

export async function measureCipher(): Promise<CipherFigures> {
  const key = { key: randomBytes(KEY_BYTES), context: 'bench' };
  const sealed: Buffer[] = [];
  const encryptedMs = await tookMs(async () => {
    for await (const chunk of encryptStream(pieces(), key)) sealed.push(chunk);
  });
  const decryptedMs = await tookMs(async () => {
    let bytes = 0;
    for await (const chunk of decryptStream(given(sealed), key)) bytes += chunk.length;
    if (bytes !== PIECES * PIECE_BYTES) throw new Error('What was decrypted is not all of it.');
  });
  const perSecond = (ms: number): number => (PIECES * PIECE_BYTES) / 1_000 / ms;
  return { encrypted: perSecond(encryptedMs), decrypted: perSecond(decryptedMs) };
}

async function tookMs(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

async function* pieces(): AsyncGenerator<Uint8Array> {
  const piece = randomBytes(PIECE_BYTES);
  for (let at = 0; at < PIECES; at += 1) yield await Promise.resolve(piece);
}

async function* given(chunks: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}
