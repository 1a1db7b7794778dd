import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openKeptLog } from './kept-log.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';

function aPath(t: TestContext): string {
  const folder = temporaryFolder(t);
  return join(folder, 'log.txt');
}

test('what is printed is kept and told without secrets, a key line by line', async (t) => {
  const path = aPath(t);
  const told: string[] = [];
  const secretValues = ['hunter2', '-----BEGIN KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B\n'];
  const log = openKeptLog(path, { secretValues, onLine: (line) => told.push(line) });

  for (const line of ['a hunter2', '  MIIEvQIBADAN', 'BgkqhkiG9w0B']) log.write(line);
  await log.close();

  assert.deepEqual(told, ['a [secret]', '  [secret]', '[secret]']);
  assert.equal(readFileSync(path, 'utf8'), `${told.join('\n')}\n`);
});

test('a log that is full says so in its last line, and goes on telling', async (t) => {
  const path = aPath(t);
  const told: string[] = [];
  const limits = { secretValues: [], bytesMax: 1024 };
  const log = openKeptLog(path, { ...limits, onLine: (line) => told.push(line) });

  for (let at = 0; at < 100; at += 1) log.write('x'.repeat(127));
  log.write('short');
  await log.close();

  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  // Eight fill it to the byte.
  assert.equal(lines.length, 9);
  assert.match(
    lines.at(-1) ?? '',
    /^What came behind is not kept: a log may have 1(?:\.0)? KiB\.$/,
  );
  assert.equal(told.length, 101);
});
