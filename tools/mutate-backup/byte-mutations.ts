/** Changes of bytes by somebody who knows their form: a head of salt and commitment, then chunks with their tags. */
import {
  CHUNK_BYTES,
  COMMITMENT_BYTES,
  SALT_BYTES,
  TAG_BYTES,
} from '../../src/platform/chunk-cipher.ts';
import type { Draw } from './draw.ts';

export type ByteMutation = (bytes: Buffer, draw: Draw) => Buffer;

const HEAD_BYTES = SALT_BYTES + COMMITMENT_BYTES;
const SEALED_BYTES = CHUNK_BYTES + TAG_BYTES;

/** Of any file. */
export const anywhere = {
  'a bit flipped': (bytes, draw) => flip(bytes, draw.below(bytes.length), draw),
  'the end cut off': (bytes, draw) => bytes.subarray(0, draw.below(bytes.length)),
  'the beginning cut off': (bytes, draw) => bytes.subarray(1 + draw.below(bytes.length)),
  'bytes inserted': (bytes, draw) => {
    const at = draw.below(bytes.length);
    return inserted(bytes, at, draw.bytes(1 + draw.below(40)));
  },
  'bytes taken out': (bytes, draw) => {
    const at = draw.below(bytes.length);
    return without(bytes, at, 1 + draw.below(40));
  },
  'bytes appended': (bytes, draw) => Buffer.concat([bytes, draw.bytes(1 + draw.below(40))]),
  'a part zeroed': (bytes, draw) => {
    const changed = Buffer.from(bytes);
    const at = draw.below(bytes.length);
    return changed.fill(0, at, Math.min(bytes.length, at + 1 + draw.below(600)));
  },
} as const satisfies Readonly<Record<string, ByteMutation>>;

/** Of an encrypted content. */
export const ofContent = {
  'a bit of the salt': (bytes, draw) => flip(bytes, draw.below(SALT_BYTES), draw),
  'a bit of the commitment': (bytes, draw) =>
    flip(bytes, SALT_BYTES + draw.below(COMMITMENT_BYTES), draw),
  'a bit of a tag': (bytes, draw) => {
    const chunks = chunksOf(bytes);
    const at = draw.below(chunks.length);
    const end = HEAD_BYTES + Buffer.concat(chunks.slice(0, at + 1)).length;
    return flip(bytes, end - 1 - draw.below(TAG_BYTES), draw);
  },
  'a bit of the last chunk': (bytes, draw) => {
    const last = chunksOf(bytes).at(-1)?.length ?? 1;
    return flip(bytes, bytes.length - 1 - draw.below(last), draw);
  },
  'cut between chunks': (bytes, draw) => {
    const chunks = chunksOf(bytes);
    return withChunks(bytes, chunks.slice(0, draw.below(chunks.length)));
  },
  'a chunk removed': (bytes, draw) => {
    const chunks = chunksOf(bytes);
    return withChunks(bytes, chunks.toSpliced(draw.below(chunks.length), 1));
  },
  'a chunk twice': (bytes, draw) => {
    const chunks = chunksOf(bytes);
    const at = draw.below(chunks.length);
    return withChunks(bytes, chunks.toSpliced(at, 0, chunks[at] ?? Buffer.alloc(0)));
  },
  'two chunks swapped': (bytes, draw) => {
    const chunks = chunksOf(bytes);
    const [one, other] = [draw.below(chunks.length), draw.below(chunks.length)];
    const [first, second] = [chunks[one], chunks[other]];
    if (!first || !second) return bytes;
    return withChunks(bytes, chunks.with(one, second).with(other, first));
  },
  'all chunks turned round': (bytes) => withChunks(bytes, chunksOf(bytes).toReversed()),
  'nothing left': () => Buffer.alloc(0),
} as const satisfies Readonly<Record<string, ByteMutation>>;

/** Of which one part is that of another content. */
export const mixed = {
  'the head of another': (bytes, other) =>
    Buffer.concat([other.subarray(0, HEAD_BYTES), bytes.subarray(HEAD_BYTES)]),
  'the salt of another': (bytes, other) =>
    Buffer.concat([other.subarray(0, SALT_BYTES), bytes.subarray(SALT_BYTES)]),
  'a chunk of another': (bytes, other, draw) => {
    const chunks = chunksOf(bytes);
    const at = draw.below(chunks.length);
    return withChunks(bytes, chunks.with(at, chunksOf(other)[at] ?? Buffer.alloc(0)));
  },
} as const satisfies Readonly<Record<string, (one: Buffer, other: Buffer, draw: Draw) => Buffer>>;

function flip(bytes: Buffer, at: number, draw: Draw): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(at) ^ (1 << draw.below(8)), at);
  return changed;
}

function inserted(bytes: Buffer, at: number, added: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at)]);
}

function without(bytes: Buffer, at: number, count: number): Buffer {
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + count)]);
}

function chunksOf(bytes: Buffer): readonly Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = HEAD_BYTES; at < bytes.length; at += SEALED_BYTES) {
    chunks.push(bytes.subarray(at, at + SEALED_BYTES));
  }
  return chunks;
}

function withChunks(bytes: Buffer, chunks: readonly Buffer[]): Buffer {
  return Buffer.concat([bytes.subarray(0, HEAD_BYTES), ...chunks]);
}
