import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryStateDirectory } from '../../test/support/temporary-state-directory.ts';
import { capLogFile, openLogFile, readLogTail } from './log-file.ts';

test('a log over its cap is moved aside while its writer goes on writing', async (t) => {
  const path = join(temporaryStateDirectory(t).root, 'log');
  const writer = await openLogFile(path);
  await writer.write('old\n'.repeat(10));

  await capLogFile(path, 20);
  await writer.write('new\n');
  await capLogFile(path, 20);
  await writer.close();

  assert.equal(readFileSync(path, 'utf8'), 'new\n');
  assert.equal(readFileSync(`${path}.1`, 'utf8'), 'old\n'.repeat(10));
});

test('the tail has the last lines since a mark, or all when the log was emptied since', async (t) => {
  const path = join(temporaryStateDirectory(t).root, 'log');
  assert.deepEqual(await readLogTail(path, { lines: 2 }), []);
  writeFileSync(path, 'one\ntwo\nthree\n');

  assert.deepEqual(await readLogTail(path, { lines: 2 }), ['two', 'three']);
  assert.deepEqual(await readLogTail(path, { lines: 9, from: 8 }), ['three']);
  assert.deepEqual(await readLogTail(path, { lines: 9, from: 14 }), []);
  assert.deepEqual(await readLogTail(path, { lines: 1, from: 99 }), ['three']);
});
