import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { describeBackup } from '../../contract-suites/backup.ts';
import type { Backup } from '../../contract.ts';
import { filesBackup } from './driver.ts';
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
