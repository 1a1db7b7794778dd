/** What every store of backups must do. Called by the tests of each. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import type { BlobStore } from '../../src/platform/blob-store.ts';
import { failsWith } from './fails-with.ts';

export interface BlobStoreSubject {
  readonly store: BlobStore;
  /** Of puts that have not ended, or were killed: one line each. */
  readonly unfinished: () => Promise<readonly string[]> | readonly string[];
  /** As if it had been killed in the middle of putting this. */
  readonly leaveHalf: (path: string) => Promise<void>;
}

const MIB = 1024 * 1024;
/** More than a part of a store that sends parts, and more than one page of a list. */
const LARGE_BYTES = 12 * MIB + 1;
const MANY = 1_003;

export function describeBlobStore(
  name: string,
  subject: (t: TestContext) => Promise<BlobStoreSubject> | BlobStoreSubject,
): void {
  test(`${name}: what is put is what is got, of any length`, async (t) => {
    const { store, unfinished } = await subject(t);

    for (const bytes of [0, 1, 70_000, 5 * MIB, 10 * MIB, LARGE_BYTES]) {
      const content = randomBytes(bytes);
      await store.put('a/b/content', inPieces(content));
      assert.ok(content.equals(await read(store, 'a/b/content')), String(bytes));
    }
    assert.deepEqual(await unfinished(), []);
  });

  test(`${name}: nobody sees what is put before all of it is there`, async (t) => {
    const { store } = await subject(t);
    const before = randomBytes(100);
    await store.put('a/old', inPieces(before));
    const content = randomBytes(LARGE_BYTES);
    async function* watched(): AsyncGenerator<Uint8Array> {
      yield* inPieces(content);
      assert.deepEqual(await store.list(''), ['a/old']);
      assert.ok(before.equals(await read(store, 'a/old')));
      await assert.rejects(read(store, 'a/new'), failsWith('backup-missing'));
    }

    await store.put('a/old', watched());
    assert.ok(content.equals(await read(store, 'a/old')));
    await store.put('a/old', inPieces(before));
    await store.put('a/new', watched());

    assert.deepEqual(await store.list(''), ['a/new', 'a/old']);
    assert.ok(content.equals(await read(store, 'a/new')));
  });

  test(`${name}: a put that fails leaves nothing, and what was there before`, async (t) => {
    const { store, unfinished } = await subject(t);
    const before = randomBytes(100);
    await store.put('a/old', inPieces(before));
    const failure = new Error('The source is gone.');

    for (const bytes of [0, 1, 6 * MIB, LARGE_BYTES]) {
      async function* failing(): AsyncGenerator<Uint8Array> {
        yield* inPieces(randomBytes(bytes));
        throw failure;
      }
      for (const path of ['a/new', 'a/old']) {
        await assert.rejects(store.put(path, failing()), failure);
      }
    }

    assert.deepEqual(await store.list(''), ['a/old']);
    assert.deepEqual(await unfinished(), []);
    assert.ok(before.equals(await read(store, 'a/old')));
  });

  test(`${name}: what a killed put has left is never listed, and goes with its own path alone`, async (t) => {
    const { store, unfinished, leaveHalf } = await subject(t);
    await store.put('a/b/content', inPieces(randomBytes(10)));
    const paths = ['a/b/content', 'a/b/content', 'a/b/content', 'a/b/content-2', 'a/b/other'];
    for (const path of paths) await leaveHalf(path);
    assert.equal((await unfinished()).length, paths.length);
    assert.deepEqual(await store.list(''), ['a/b/content']);

    await store.clear('a/b/content');
    const left = await unfinished();
    await store.clear('a/b/content');
    await store.clear('of/what/never/was');

    assert.equal(left.length, 2);
    assert.deepEqual(await unfinished(), left);
    assert.deepEqual(await store.list(''), ['a/b/content']);
  });

  test(`${name}: what is not there is missing, and can be removed`, async (t) => {
    const { store } = await subject(t);
    const missing = failsWith('backup-missing', /is not there/);
    await assert.rejects(read(store, 'a/b/content'), missing);
    assert.deepEqual(await store.list('a/'), []);
    await store.remove('a/b/content');
    await store.put('a/b/content', inPieces(randomBytes(10)));
    await store.put('a/c/content', inPieces(randomBytes(10)));

    await store.remove('a/b/content');
    await store.remove('a/b/content');

    await assert.rejects(read(store, 'a/b/content'), missing);
    assert.deepEqual(await store.list(''), ['a/c/content']);
  });

  test(`${name}: more than a page is listed, in the order of names, by how paths begin`, async (t) => {
    const { store } = await subject(t);
    const paths = Array.from({ length: MANY }, (_each, at) => `many/b${MANY - at}/manifest.json`);
    await Promise.all(
      ['few/b1', 'manyfold/b1', ...paths].map((path) => store.put(path, inPieces(randomBytes(1)))),
    );

    assert.deepEqual(await store.list('many/'), paths.toSorted());
    assert.deepEqual(await store.list('many/b10'), paths.filter(isTen).toSorted());
    assert.equal((await store.list('')).length, MANY + 2);
  });

  test(`${name}: a path may hold any character`, async (t) => {
    const { store } = await subject(t);
    const paths = ['a b/+c', 'a/%41?x=1#y', 'a/&<\'>"*(!)~', 'a/é…/𝒳', 'a/:@=,;$'];

    for (const path of paths) await store.put(path, inPieces(Buffer.from(path)));

    assert.deepEqual(await store.list(''), paths.toSorted());
    for (const path of paths) {
      assert.equal((await read(store, path)).toString(), path);
      assert.deepEqual(await store.list(path), [path]);
      await store.remove(path);
    }
    assert.deepEqual(await store.list(''), []);
  });

  test(`${name}: who reads may stop, and others go on`, async (t) => {
    const { store } = await subject(t);
    const content = randomBytes(LARGE_BYTES);
    await store.put('a', inPieces(content));

    for (let round = 0; round < 6; round += 1) {
      for await (const piece of store.get('a')) {
        assert.ok(piece.length > 0);
        break;
      }
    }

    assert.ok(content.equals(await read(store, 'a')));
  });
}

function isTen(path: string): boolean {
  return path.startsWith('many/b10');
}

export async function read(store: BlobStore, path: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of store.get(path)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

export async function* inPieces(content: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += MIB) {
    yield await Promise.resolve(content.subarray(at, at + MIB));
  }
}
