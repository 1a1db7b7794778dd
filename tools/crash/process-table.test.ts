import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isAlive, processesIn, variableOf } from './process-table.ts';

const options = process.platform === 'linux' ? {} : { skip: 'processes are found in /proc' };

test('a process is found by its folder, tells its environment, and is gone', options, async (t) => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'sf-')));
  t.after(() => rm(folder, { recursive: true }));
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    cwd: folder,
    env: { POOL: 'production.newsroom.2' },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'spawn');

  const [found, ...others] = await processesIn(folder);

  assert.ok(found);
  assert.equal(found.pid, child.pid);
  assert.deepEqual(others, []);
  assert.equal(await variableOf(found, 'POOL'), 'production.newsroom.2');
  assert.equal(await variableOf(found, 'POO'), null);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(await isAlive(found), false);
  assert.equal(await variableOf(found, 'POOL'), null);
});
