import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { failsWith } from '../../test/support/fails-with.ts';
import { temporaryStateDirectory } from '../../test/support/temporary-state-directory.ts';
import { until } from '../../test/support/until.ts';
import { tryFileLock, withFileLock } from './file-lock.ts';

test('a lock is held once, also within one process, and free after its release', (t) => {
  const path = join(temporaryStateDirectory(t).root, 'lock');

  const held = tryFileLock(path);

  assert.ok(held);
  assert.equal(tryFileLock(path), null);
  held.release();
  const again = tryFileLock(path);
  assert.ok(again);
  again.release();
});

test("a killed process's lock is free", async (t) => {
  const path = join(temporaryStateDirectory(t).root, 'lock');
  const module = new URL('./file-lock.ts', import.meta.url).href;
  const script = `
    const { tryFileLock } = await import('${module}');
    const lock = tryFileLock(${JSON.stringify(path)});
    setInterval(() => lock, 1e6);
    console.log('held');`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script]);
  t.after(() => holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  assert.equal(tryFileLock(path), null);

  holder.kill('SIGKILL');
  await once(holder, 'exit');

  let lock = tryFileLock(path);
  await until('the lock is free', () => (lock ??= tryFileLock(path)) !== null);
  lock?.release();
});

test('who waits too long is told what is held, and the lock is free after work that failed', async (t) => {
  const path = join(temporaryStateDirectory(t).root, 'lock');
  const held = tryFileLock(path);
  await assert.rejects(
    withFileLock(path, { waitMs: 60 }, () => Promise.resolve()),
    failsWith('state-directory-unusable', /lock for more than 60 ms/),
  );
  held?.release();

  const failing = withFileLock(path, { waitMs: 60 }, () => Promise.reject(new Error('broken')));

  await assert.rejects(failing, /broken/);
  assert.equal(await withFileLock(path, { waitMs: 60 }, () => Promise.resolve(7)), 7);
});
