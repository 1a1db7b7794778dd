import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { failsWith } from '../../test/support/fails-with.ts';
import { copyFolder } from './copy-folder.ts';

function folders(t: TestContext): { readonly from: string; readonly to: string } {
  const root = mkdtempSync(join(tmpdir(), 'sf-'));
  t.after(() => {
    execFileSync('chmod', ['-R', 'u+w', root]);
    rmSync(root, { recursive: true, force: true });
  });
  const from = join(root, 'from');
  mkdirSync(join(from, 'src', 'deep'), { recursive: true });
  return { from, to: join(root, 'made', 'to') };
}

test('files, folders and links are the same in a copy, with their modes and times', async (t) => {
  const { from, to } = folders(t);
  const many = Array.from({ length: 40 }, (_, at) => `src/deep/${at}.js`);
  for (const path of many) writeFileSync(join(from, path), path);
  writeFileSync(join(from, 'run'), '#!/bin/sh\n', { mode: 0o755 });
  utimesSync(join(from, 'run'), 1_000, 2_000);
  symlinkSync('../nowhere', join(from, 'src', 'link'));
  mkdirSync(join(from, 'fixed'));
  writeFileSync(join(from, 'fixed', 'a'), 'a');
  chmodSync(join(from, 'fixed'), 0o555);

  await copyFolder(from, to);

  for (const path of many) assert.equal(readFileSync(join(to, path), 'utf8'), path);
  const { mode, mtimeMs } = lstatSync(join(to, 'run'));
  assert.deepEqual([mode & 0o777, mtimeMs], [0o755, 2_000_000]);
  assert.equal(readlinkSync(join(to, 'src', 'link')), '../nowhere');
  assert.equal(readFileSync(join(to, 'fixed', 'a'), 'utf8'), 'a');
  assert.equal(lstatSync(join(to, 'fixed')).mode & 0o777, 0o555);
});

test('a folder that is named by a link is copied with its own mode, not that of the link', async (t) => {
  const { from, to } = folders(t);
  chmodSync(from, 0o750);
  symlinkSync(from, `${from}-by-link`);

  await copyFolder(`${from}-by-link`, to);

  assert.equal(lstatSync(to).mode & 0o7777, 0o750);
});

test('what is left out is not there, and what changes in a copy stays in it', async (t) => {
  const { from, to } = folders(t);
  writeFileSync(join(from, 'src', 'a.js'), 'one');
  mkdirSync(join(from, 'src', 'state'));

  await copyFolder(from, to, join(from, 'src', 'state'));
  writeFileSync(join(to, 'src', 'a.js'), 'two');

  assert.equal(existsSync(join(to, 'src', 'state')), false);
  assert.equal(readFileSync(join(from, 'src', 'a.js'), 'utf8'), 'one');
});

test('a pipe is refused', async (t) => {
  const { from, to } = folders(t);
  execFileSync('mkfifo', [join(from, 'src', 'pipe')]);

  await assert.rejects(copyFolder(from, to), failsWith('config-invalid', /src\/pipe/));
});
