import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { digestFile } from './digest-file.ts';
import { openPlainFile } from './open-plain-file.ts';
import { readPlainFile } from './read-plain-file.ts';

test('nothing waits for a pipe that nobody writes to, or reads from a device without end', async (t) => {
  const folder = temporaryFolder(t);
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  mkdirSync(join(folder, 'folder'));

  for (const path of [pipe, join(folder, 'folder'), '/dev/zero']) {
    const refusal = /is no file, but a folder, a pipe or a device\./;
    await assert.rejects(openPlainFile(path), refusal);
    await assert.rejects(readPlainFile(path, 10), refusal);
    await assert.rejects(digestFile(path), refusal);
  }
});

test('a file is read whole, and one that is too long not at all', async (t) => {
  const path = join(temporaryFolder(t), 'file');
  writeFileSync(path, 'text');

  assert.equal((await readPlainFile(path, 4)).toString(), 'text');
  await assert.rejects(readPlainFile(path, 3), /longer than 3 B; is it the right file\?/);
});

test('the digest of a file of any length is given up when somebody says so', async (t) => {
  const path = join(temporaryFolder(t), 'endless');
  writeFileSync(path, '');
  truncateSync(path, 2 ** 43);
  const stop = new AbortController();
  const reason = new Error('The time box is used up.');
  setImmediate(() => {
    stop.abort(reason);
  });

  await assert.rejects(digestFile(path, stop.signal), reason);
});
