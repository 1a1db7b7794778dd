import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { failsWith } from '../../test/support/fails-with.ts';
import { decryptStream, encryptStream, type StreamKey } from './encrypted-stream.ts';

const CHUNK = 16_384;
const SEALED = CHUNK + 16;
const HEAD = 56;
const key = Buffer.from(Array.from({ length: 32 }, (_, at) => at));
const salt = Buffer.from(Array.from({ length: 24 }, (_, at) => 100 + at));
const to: StreamKey = { key, context: 'backup 7 of production' };

async function* inPieces(bytes: Buffer, size = 50_000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
  }
}

async function all(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

const encrypted = (plain: Buffer): Promise<Buffer> => all(encryptStream(inPieces(plain), to, salt));
const decrypted = (sealed: Buffer, by = to): Promise<Buffer> =>
  all(decryptStream(inPieces(sealed), by));

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Digests by the specification, computed with Python's cryptography 48. */
const KNOWN: readonly (readonly [plain: Buffer, bytes: number, digest: string])[] = [
  [
    Buffer.from(Array.from({ length: 20 * 1024 }, (_, at) => (at * 7) % 251)),
    20_568,
    '40fe085d8801f478c9e7b9a418616f3500c83494f06728309300084f7b18a7b9',
  ],
  [
    Buffer.alloc(300 * CHUNK),
    4_920_072,
    '2b47ddfad13a02e5afa5ac97f44b279707f6d62c9f7953a02b63e8861051bd41',
  ],
];

test('a message is encrypted as the specification says', async () => {
  for (const [plain, bytes, digest] of KNOWN) {
    const sealed = await encrypted(plain);

    assert.deepEqual([sealed.length, sha256(sealed)], [bytes, digest]);
  }
});

test('whatever its length and in whatever pieces it comes, it is decrypted as it was', async () => {
  const lengths = fc.oneof(
    fc.constantFrom(0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK),
    fc.nat(4 * CHUNK),
  );
  await fc.assert(
    fc.asyncProperty(lengths, fc.integer({ min: 1, max: 3 * CHUNK }), async (length, size) => {
      const plain = Buffer.alloc(length, 'surefoot');
      const sealed = await all(encryptStream(inPieces(plain, size), to));

      assert.ok((await all(decryptStream(inPieces(sealed, size), to))).equals(plain));
    }),
    { numRuns: 60 },
  );
});

test('two of the same message have nothing in common', async () => {
  const plain = Buffer.alloc(CHUNK);
  const [one, other] = await Promise.all([1, 2].map(() => all(encryptStream(inPieces(plain), to))));

  assert.ok(one && other && !one.subarray(0, 24).equals(other.subarray(0, 24)));
  assert.ok(!one.subarray(24, 56).equals(other.subarray(24, 56)));
});

const sealedChunks = (sealed: Buffer): readonly Buffer[] =>
  Array.from({ length: Math.ceil((sealed.length - HEAD) / SEALED) }, (_, at) =>
    sealed.subarray(HEAD + at * SEALED, HEAD + (at + 1) * SEALED),
  );

const mutations: Readonly<Record<string, (sealed: Buffer, at: number) => Buffer>> = {
  'a bit that is flipped': (sealed, at) => {
    const changed = Buffer.from(sealed);
    changed[at % sealed.length]! ^= 1 << (at % 8);
    return changed;
  },
  'an end that is cut off': (sealed, at) => sealed.subarray(0, at % sealed.length),
  'whole chunks that are cut off': (sealed, at) =>
    sealed.subarray(0, HEAD + (at % sealedChunks(sealed).length) * SEALED),
  'something that is appended': (sealed, at) =>
    Buffer.concat([sealed, Buffer.alloc((at % 40) + 1, at)]),
  'two chunks in each other’s place': (sealed, at) => {
    const chunks = [...sealedChunks(sealed)];
    const one = at % (chunks.length - 1);
    [chunks[one], chunks[one + 1]] = [chunks[one + 1]!, chunks[one]!];
    return Buffer.concat([sealed.subarray(0, HEAD), ...chunks]);
  },
  'a chunk that is left out': (sealed, at) => {
    const chunks = [...sealedChunks(sealed)];
    chunks.splice(at % chunks.length, 1);
    return Buffer.concat([sealed.subarray(0, HEAD), ...chunks]);
  },
  'a chunk that is there twice': (sealed, at) => {
    const chunks = [...sealedChunks(sealed)];
    chunks.splice(at % chunks.length, 0, chunks[at % chunks.length]!);
    return Buffer.concat([sealed.subarray(0, HEAD), ...chunks]);
  },
};

for (const [what, mutate] of Object.entries(mutations)) {
  test(`${what} is found`, async () => {
    const sealed = await encrypted(
      Buffer.from(Array.from({ length: 60_000 }, (_, at) => at % 253)),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(10_000_000), async (at) => {
        const changed = mutate(sealed, at);

        await assert.rejects(decrypted(changed), failsWith('backup-damaged'));
      }),
      { numRuns: 100 },
    );
  });
}

test('another key opens nothing, nor does this one for something else', async () => {
  const sealed = await encrypted(Buffer.alloc(10));
  const otherKey = Buffer.from(key);
  otherKey[0]! ^= 1;

  for (const wrong of [
    { ...to, key: otherKey },
    { ...to, context: 'backup 7 of staging' },
  ]) {
    await assert.rejects(decrypted(sealed, wrong), failsWith('backup-damaged', /another key/));
  }
});

test('whoever stops in the middle lets go of the source', async () => {
  const sealed = await encrypted(Buffer.alloc(5 * CHUNK));
  let isReleased = false;
  async function* source(): AsyncGenerator<Buffer> {
    try {
      yield* inPieces(sealed, 1_000);
    } finally {
      isReleased = true;
    }
  }

  const stream = decryptStream(source(), to);
  await stream.next();
  await stream.return(undefined);

  assert.ok(isReleased);
});
