/** What a backup has taken, whole and in pieces. */
import type { ContentPart } from '../../core/backup/content.ts';
import type { Taken } from '../contract.ts';

export interface WholeContent {
  readonly content: Buffer;
  readonly parts: readonly ContentPart[];
}

export async function wholeOf(taken: Taken): Promise<WholeContent> {
  try {
    const pieces: Buffer[] = [];
    for await (const piece of taken.content) pieces.push(Buffer.from(piece));
    return { content: Buffer.concat(pieces), parts: await taken.parts() };
  } finally {
    await taken.close();
  }
}

export async function* inPieces(content: Buffer, size = 100_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) {
    yield await Promise.resolve(content.subarray(at, at + size));
  }
}

export async function* breakingOff(content: Buffer): AsyncGenerator<Uint8Array> {
  yield* inPieces(content.subarray(0, content.length / 2));
  throw new Error('broken off');
}
