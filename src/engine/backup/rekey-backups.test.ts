import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  abandonNotes,
  aBackupKeeper,
  KEPT_SOURCE as SOURCE,
} from '../../../test/support/engine/a-backup-keeper.ts';
import type { BlobStore } from '../../platform/blob-store.ts';
import { KEYS_VARIABLE } from './configured-keys.ts';
import { pruneBackups } from './prune-backups.ts';
import { keyNeeds, rekeyBackups } from './rekey-backups.ts';

const [OLD, NEW] = ['a1'.repeat(32), 'b2'.repeat(32)];
const asNewest = { [KEYS_VARIABLE]: `${NEW},${OLD}` };
const alone = { [KEYS_VARIABLE]: NEW };

/** Three backups that were wrapped by the old key, two of them verified. */
async function aKeeper(t: TestContext) {
  const keeper = await aBackupKeeper(t, { [KEYS_VARIABLE]: OLD });
  await keeper.take('b1');
  await keeper.take('b2');
  await keeper.take('b3', { isVerified: false });
  const states = async (work = keeper.work) =>
    (await keeper.list(work)).map((listed) => (listed.kind === 'readable' ? listed.state : 'none'));
  return { ...keeper, states };
}

test('all open by the newest key alone, their content is as it was, and what was verified is', async (t) => {
  const { kept, next, states, verify } = await aKeeper(t);
  const contents = () =>
    ['b1', 'b2', 'b3'].map((id) => readFileSync(join(kept, id, 'content'), 'hex'));
  const [before, withBoth] = [contents(), await next(asNewest)];
  const [newest, old] = withBoth.ring.keys.map(({ id }) => id);

  const rekeyed = await rekeyBackups(withBoth, SOURCE);
  const again = await rekeyBackups(withBoth, SOURCE);

  const withNew = await next(alone);
  assert.deepEqual(
    rekeyed,
    ['b3', 'b2', 'b1'].map((id) => ({ id, kind: 'rewrapped', from: old })),
  );
  assert.ok(again.every(({ kind }) => kind === 'unchanged'));
  assert.deepEqual(await states(withNew), ['TAKEN', 'VERIFIED', 'VERIFIED']);
  assert.deepEqual(await states(), ['none', 'none', 'none']);
  assert.deepEqual(contents(), before);
  assert.ok((await verify('b3', withNew)).isPassed);
  assert.deepEqual(await keyNeeds(withBoth), [
    { key: newest, neededBy: { [SOURCE]: 3 } },
    { key: old, neededBy: {} },
  ]);
});

test('a key that backups of something else need is told as needed', async (t) => {
  const { take, next } = await aKeeper(t);
  await take('b1', { source: 'production/shop/main' });
  const work = await next(asNewest);

  await rekeyBackups(work, SOURCE);

  assert.deepEqual((await keyNeeds(work))[1]?.neededBy, { 'production/shop/main': 1 });
});

test('one that cannot be opened is told and left alone, and the others are done', async (t) => {
  const { kept, next } = await aKeeper(t);
  const path = join(kept, 'b2/manifest.json');
  const changed = readFileSync(path, 'utf8').replace('"driver": "files"', '"driver": "other"');
  writeFileSync(path, changed);

  const rekeyed = await rekeyBackups(await next(asNewest), SOURCE);
  const without = await rekeyBackups(await next({ [KEYS_VARIABLE]: 'c3'.repeat(32) }), SOURCE);

  assert.deepEqual(
    rekeyed.map(({ kind }) => kind),
    ['rewrapped', 'unreadable', 'rewrapped'],
  );
  assert.equal(readFileSync(path, 'utf8'), changed);
  assert.ok(without.every(({ kind }) => kind === 'unreadable'));
});

for (const survived of [0, 1, 2]) {
  for (const isWritten of [false, true]) {
    const where = isWritten ? 'behind' : 'in';
    test(`killed ${where} its write ${survived + 1}, each opens by one of both, and again does the rest`, async (t) => {
      const { folder, kept, next, states } = await aKeeper(t);
      const work = await next(asNewest);
      let left = survived;
      const put: BlobStore['put'] = async (path, content) => {
        left -= 1;
        if (left >= 0) return work.store.put(path, content);
        if (isWritten) await work.store.put(path, content);
        else writeFileSync(join(folder, 'backups', `${path}.${crypto.randomUUID()}.tmp`), '{"va');
        throw new Error('killed');
      };

      await assert.rejects(
        rekeyBackups({ ...work, store: { ...work.store, put } }, SOURCE),
        /killed/,
      );
      abandonNotes(join(folder, 'storing'));
      const after = await next(asNewest);
      const found = await states(after);
      const rekeyed = await rekeyBackups(after, SOURCE);

      const done = survived + (isWritten ? 1 : 0);
      assert.deepEqual(found, ['TAKEN', 'VERIFIED', 'VERIFIED']);
      assert.equal(rekeyed.filter(({ kind }) => kind === 'unchanged').length, done);
      assert.deepEqual(await states(await next(alone)), found);
      assert.deepEqual(
        readdirSync(kept, { recursive: true }).filter((name) => String(name).endsWith('.tmp')),
        [],
      );
    });
  }
}

test('nobody removes one that is being written, and one that was removed before does not come back', async (t) => {
  const { kept, next } = await aKeeper(t);
  const work = await next(asNewest);
  const keep = { last: 1, days: 0 };
  const during = async (id: string) => {
    const judged: unknown[] = [];
    const put: BlobStore['put'] = async (path, content) => {
      if (path.includes(`/${id}/`))
        judged.push(...(await pruneBackups(work, { source: SOURCE, keep })));
      await work.store.put(path, content);
    };
    const rekeyed = await rekeyBackups({ ...work, store: { ...work.store, put } }, SOURCE);
    return [judged.at(-1), rekeyed.at(-1)?.kind];
  };
  const first = await during('b1');
  await next({ [KEYS_VARIABLE]: `${OLD},${NEW}` }).then((back) => rekeyBackups(back, SOURCE));

  const second = await during('b3');

  assert.deepEqual(first, [{ id: 'b1', kind: 'stays', as: 'in use' }, 'rewrapped']);
  assert.deepEqual(second, [{ id: 'b1', kind: 'goes' }, 'unreadable']);
  assert.ok(!existsSync(join(kept, 'b1')));
});
