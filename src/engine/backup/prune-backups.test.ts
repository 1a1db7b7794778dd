import assert from 'node:assert/strict';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  abandonNotes,
  aBackupKeeper,
  KEPT_SOURCE as SOURCE,
} from '../../../test/support/engine/a-backup-keeper.ts';
import type { KeptWork } from './kept-backups.ts';
import { prunable, pruneBackups, pruneBehind } from './prune-backups.ts';
import { verifyBackup } from './verify-backup.ts';

const asked = { source: SOURCE, keep: { last: 1, days: 1 } };

async function aKeeper(t: TestContext) {
  const keeper = await aBackupKeeper(t);
  return { ...keeper, ids: async () => (await keeper.list()).map(({ id }) => id) };
}

test('what is older than it must be goes whole, and what is tried out next is not trusted yet', async (t) => {
  const { work, folder, kept, take, ids } = await aKeeper(t);
  await take('b1');
  await take('b2');
  await take('b3', { isVerified: false });
  const [first, second] = [await prunable(work, asked), await ids()];

  const pruned = await pruneBackups(work, asked);

  assert.deepEqual(first, pruned);
  assert.deepEqual(second, ['b3', 'b2', 'b1']);
  assert.deepEqual(pruned, [
    { id: 'b3', kind: 'stays', as: 'young' },
    { id: 'b2', kind: 'stays', as: 'among the last verified' },
    { id: 'b1', kind: 'goes' },
  ]);
  assert.deepEqual(readdirSync(kept).sort(), ['b2', 'b3']);
  assert.deepEqual(readdirSync(join(folder, 'storing')), []);
});

test('one whose content is gone, or that cannot be read, counts for nothing and is told', async (t) => {
  const { work, kept, take, ids } = await aKeeper(t);
  await take('b1');
  await take('b2');
  await take('b3');
  rmSync(join(kept, 'b3/content'));
  writeFileSync(join(kept, 'b2/manifest.json'), '{}');

  const pruned = await pruneBackups(work, asked);

  assert.deepEqual(
    pruned.map(({ id, kind }) => [id, kind]),
    [
      ['b3', 'unreadable'],
      ['b2', 'unreadable'],
      ['b1', 'stays'],
    ],
  );
  assert.deepEqual(await ids(), ['b3', 'b2', 'b1']);
});

test('one that somebody uses stays until they have ended', async (t) => {
  const { work, take, ids } = await aKeeper(t);
  await take('b1');
  await take('b2');

  const during = await work.using({ source: SOURCE, id: 'b1' }, () => pruneBackups(work, asked));
  const there = await ids();
  await pruneBackups(work, asked);

  assert.deepEqual(during[1], { id: 'b1', kind: 'stays', as: 'in use' });
  assert.deepEqual([there, await ids()], [['b2', 'b1'], ['b2']]);
});

test('restoring and trying one out are uses, and a prune in the middle of them lets them be', async (t) => {
  const { work, take } = await aKeeper(t);
  await take('b1');
  await take('b2');
  const seen: unknown[] = [];
  const look = async () => seen.push((await prunable(work, asked)).at(-1));
  const looking: KeptWork = {
    ...work,
    store: {
      ...work.store,
      async put(path, content) {
        await look();
        await work.store.put(path, content);
      },
    },
    backup: {
      ...work.backup,
      async restore(content, context) {
        await look();
        return work.backup.restore(content, context);
      },
    },
  };

  await verifyBackup(looking, { source: SOURCE, id: 'b1' }, { partsMin: 1, probe: null });

  const used = { id: 'b1', kind: 'stays', as: 'in use' };
  assert.deepEqual(seen, [used, used]);
});

for (const survived of [0, 1, 2]) {
  test(`killed behind ${survived} of its removals it leaves one that is whole, or none`, async (t) => {
    const { work, take, ids, folder, kept, next, verify } = await aKeeper(t);
    await take('b1');
    await take('b2');
    let left = survived;
    const remove = (path: string): Promise<void> => {
      left -= 1;
      // Whatever comes behind is never done.
      return left < 0 ? Promise.reject(new Error('killed')) : work.store.remove(path);
    };

    await assert.rejects(pruneBackups({ ...work, store: { ...work.store, remove } }, asked));
    abandonNotes(join(folder, 'storing'));
    const listed = await ids();
    await next();

    assert.deepEqual(listed, survived === 0 ? ['b2', 'b1'] : ['b2']);
    assert.deepEqual(await ids(), listed);
    assert.deepEqual(readdirSync(kept).sort(), listed.toSorted());
    for (const id of listed) assert.ok((await verify(id)).isPassed);
  });
}

test('behind a backup it never fails, and says what it did or why not', async (t) => {
  const { work, take, ids } = await aKeeper(t);
  await take('b1');
  await take('b2');
  const told: string[] = [];
  const full = Object.assign(new Error('EIO: i/o error'), {
    code: 'EIO',
    syscall: 'rm',
    errno: -5,
  });
  const store = { ...work.store, remove: () => Promise.reject(full) };

  await pruneBehind({ ...work, store }, asked, (text) => told.push(text));
  await pruneBehind(work, { source: SOURCE, keep: undefined }, (text) => told.push(text));
  const there = await ids();
  await pruneBehind(work, asked, (text) => told.push(text));

  assert.deepEqual([there, await ids()], [['b2', 'b1'], ['b2']]);
  assert.deepEqual(told, [
    `${SOURCE}: what is not needed any more is there yet: EIO: i/o error`,
    `${SOURCE}: b1 is not needed any more, and was removed`,
  ]);
});
