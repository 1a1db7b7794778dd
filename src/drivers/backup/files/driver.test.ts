import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test, type TestContext } from 'node:test';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { describeBackup } from '../../contract-suites/backup.ts';
import { describeSwitching } from '../../contract-suites/switching.ts';
import type { Backup } from '../../contract.ts';
import { filesBackup } from './driver.ts';
import { folderParts } from './folder-parts.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';

function aFolder(t: TestContext): { readonly folder: string; readonly backup: Backup } {
  const root = temporaryFolder(t);
  const folder = join(root, 'kept');
  mkdirSync(join(folder, 'media/2026'), { recursive: true });
  writeFileSync(join(folder, 'media/2026/a.bin'), Buffer.alloc(300_000, 'a'));
  writeFileSync(join(folder, 'media/run.sh'), '#!/bin/sh\n');
  chmodSync(join(folder, 'media/run.sh'), 0o750);
  symlinkSync('2026/a.bin', join(folder, 'media/newest'));
  mkdirSync(join(folder, 'empty'));
  return { folder, backup: filesBackup.connect({ path: folder }, { stateDirectory: root }) };
}

const leftovers = (): Promise<readonly string[]> =>
  Promise.resolve(readdirSync(tmpdir()).filter((name) => name.startsWith('surefoot-files-')));

describeBackup('files', (t) => {
  const { folder, backup } = aFolder(t);
  const change = async (): Promise<void> => {
    await Promise.resolve();
    appendFileSync(join(folder, 'media/run.sh'), 'exit 1\n');
  };
  return Promise.resolve({ backup, change, leftovers });
});

describeSwitching('files', (t) => {
  const { folder, backup } = aFolder(t);
  return Promise.resolve({
    backup,
    change: async () => {
      await Promise.resolve();
      appendFileSync(join(folder, 'media/run.sh'), 'exit 1\n');
      rmSync(join(folder, 'media/newest'));
    },
    partsOf: (name) => (existsSync(name) ? folderParts(name) : Promise.resolve(null)),
    lose: async () => {
      await Promise.resolve();
      rmSync(folder, { recursive: true });
    },
  });
});

const context = { signal: new AbortController().signal };

test('files: modes, links and empty folders are kept', async (t) => {
  const { backup } = aFolder(t);
  const { content } = await backup.take(context);

  const restored = await backup.restore(content, context);
  t.after(() => restored.remove());

  const { address } = restored;
  assert.equal(statSync(join(address, 'media/run.sh')).mode & 0o777, 0o750);
  assert.equal(readFileSync(join(address, 'media/newest')).length, 300_000);
  assert.deepEqual(readdirSync(join(address, 'empty')), []);
});

test('files: what is written to while it is read is no backup, nor is what is not there', async (t) => {
  const { folder, backup } = aFolder(t);
  const read = async (content: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const piece of content) {
      if (piece.length > 512) appendFileSync(join(folder, 'media/2026/a.bin'), 'more');
    }
  };
  const taken = await backup.take(context);

  await assert.rejects(
    read(taken.content),
    failsWith('backup-unverifiable', /a\.bin" was written/),
  );
  rmSync(folder, { recursive: true });
  const gone = await backup.take(context);
  await assert.rejects(read(gone.content), failsWith('backup-unverifiable', /cannot be read/));
});

async function switched(backup: Backup) {
  const { switching: own } = backup;
  assert.ok(own);
  const { content } = await backup.take(context);
  const beside = await own.restoreBeside(content, 'b1', context);
  const { names } = await own.state('b1', context);
  return { own, names, switchIn: () => beside.switchIn(unforced) };
}

const unforced = { ...context, endSessions: false };

test('files: what is broken off between the renames is finished or undone', async (t) => {
  const { backup } = aFolder(t);
  const { own, names } = await switched(backup);
  const kindNow = async () => (await own.state('b1', context)).kind;
  const written = (): boolean => existsSync(join(names.live, 'new'));
  writeFileSync(join(names.live, 'new'), 'written since');
  renameSync(names.live, names.kept);
  assert.equal(await kindNow(), 'begun');

  await own.finish('b1', context);
  assert.deepEqual([await kindNow(), written()], ['switched', false]);
  renameSync(names.live, names.undone);
  assert.equal(await kindNow(), 'begun');
  await own.finish('b1', context);
  assert.deepEqual([await kindNow(), written()], ['switched', false]);
  renameSync(names.live, names.undone);
  await own.back('b1', unforced);
  assert.deepEqual([await kindNow(), written()], ['none', true]);
  renameSync(names.live, names.kept);
  renameSync(names.undone, names.restored);
  await own.back('b1', unforced);
  assert.deepEqual([await kindNow(), written()], ['none', true]);
});

test('files: what somebody has made anew meanwhile is not written over', async (t) => {
  const { backup } = aFolder(t);
  const { own, names } = await switched(backup);
  renameSync(names.live, names.kept);
  mkdirSync(names.live);
  writeFileSync(join(names.live, 'anew'), 'a');
  const isInTheWay = failsWith('not-switched', /is in the way/);

  await assert.rejects(own.finish('b1', context), isInTheWay);
  await assert.rejects(own.back('b1', unforced), isInTheWay);
  assert.equal((await own.state('b1', context)).kind, 'begun');
  rmSync(join(names.live, 'anew'));
  await own.finish('b1', context);

  assert.equal(readFileSync(join(names.live, 'media/newest')).length, 300_000);
});

test('files: where the second rename fails, the first is taken back', async (t) => {
  const { folder, backup } = aFolder(t);
  const { names, switchIn } = await switched(backup);
  renameSync(names.restored, `${names.restored}-gone`);

  await assert.rejects(switchIn(), /ENOENT/);

  assert.ok(existsSync(join(folder, 'media/newest')));
  assert.ok(!existsSync(names.kept));
});

test(
  'files: owners and modes are those of what was live',
  { skip: process.getuid?.() === 0 ? false : 'only root gives files to others' },
  async (t) => {
    const { folder, backup } = aFolder(t);
    chownSync(folder, 12, 34);
    chmodSync(folder, 0o2751);
    chownSync(join(folder, 'media'), 56, 78);
    const taken = await backup.take(context);
    const pieces: Uint8Array[] = [];
    for await (const piece of taken.content) pieces.push(piece);
    rmSync(join(folder, 'media/2026'), { recursive: true });

    const content = Readable.from(pieces) as AsyncIterable<Uint8Array>;
    const beside = await backup.switching?.restoreBeside(content, 'b1', context);
    await beside?.switchIn(unforced);

    const top = statSync(folder);
    assert.deepEqual([top.uid, top.gid, top.mode & 0o7777], [12, 34, 0o2751]);
    const ownerOf = (path: string) => statSync(join(folder, path)).uid;
    assert.deepEqual(['media', 'media/2026/a.bin', 'media/run.sh'].map(ownerOf), [56, 56, 0]);
  },
);

test('files: a link is not renamed in the place of what it leads to', async (t) => {
  const { folder } = aFolder(t);
  const path = join(folder, '../link');
  symlinkSync(folder, path);
  const { switching } = filesBackup.connect({ path }, { stateDirectory: join(folder, '..') });

  await assert.rejects(
    Promise.resolve(switching?.state('b1', context)),
    failsWith('not-switched', /is a link/),
  );
});
