/** Counts and digests a stream while somebody else reads it. */
import { createHash } from 'node:crypto';

export interface Measure {
  readonly bytes: number;
  readonly digest: `sha256:${string}`;
}

export interface MeasuredStream {
  readonly stream: AsyncIterable<Uint8Array>;
  /** Of what has been read; null until that was all. */
  readonly measure: () => Measure | null;
}

export function measureStream(source: AsyncIterable<Uint8Array>): MeasuredStream {
  let found: Measure | null = null;
  async function* measured(): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const piece of source) {
      hash.update(piece);
      bytes += piece.length;
      yield piece;
    }
    found = { bytes, digest: `sha256:${hash.digest('hex')}` };
  }
  return { stream: measured(), measure: () => found };
}
