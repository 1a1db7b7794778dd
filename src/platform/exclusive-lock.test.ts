import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { OperationalError } from '../core/operational-error.ts';
import { acquireExclusiveLock } from './exclusive-lock.ts';

async function aLockPath(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sf-lock-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'lock');
}

test('only one of many takers gets the lock, and another after its release', async (context) => {
  const path = await aLockPath(context);

  const results = await Promise.allSettled([1, 2, 3, 4].map(() => acquireExclusiveLock(path)));

  const taken = results.filter((result) => result.status === 'fulfilled');
  assert.equal(taken.length, 1);
  for (const result of results) {
    if (result.status === 'rejected') assert.ok(result.reason instanceof OperationalError);
  }
  await taken[0]!.value.release();
  await (await acquireExclusiveLock(path)).release();
  assert.deepEqual(await readdir(join(path, '..')), []);
});

test('the lock of a dead process is taken over', async (context) => {
  const path = await aLockPath(context);
  await writeFile(path, JSON.stringify({ pid: process.pid, startTime: 'long ago', nonce: 'x' }));

  const lock = await acquireExclusiveLock(path);

  await assert.rejects(acquireExclusiveLock(path), /locked: process \d+ holds it/);
  await lock.release();
});
