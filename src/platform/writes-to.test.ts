import assert from 'node:assert/strict';
import { spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { writesTo } from './writes-to.ts';

const linux = { skip: process.platform !== 'linux' };

async function aProcess(t: TestContext, stdio: (log: number) => StdioOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'sf-'));
  const path = join(folder, 'log');
  const log = openSync(path, 'a');
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    stdio: stdio(log),
  });
  closeSync(log);
  t.after(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  });
  await once(child, 'spawn');
  return { pid: child.pid ?? 0, path, child };
}

test('a process writes to the file that both of its streams lead to', linux, async (t) => {
  const { pid, path } = await aProcess(t, (log) => ['ignore', log, log]);

  assert.equal(await writesTo(pid, path), true);
  rmSync(path);
  assert.equal(await writesTo(pid, path), false);
});

test('one stream that leads elsewhere is enough to write to no log', linux, async (t) => {
  const { pid, path } = await aProcess(t, (log) => ['ignore', log, 'ignore']);

  assert.equal(await writesTo(pid, path), false);
});

test('of a process that is gone nothing is known', linux, async (t) => {
  const { pid, path, child } = await aProcess(t, (log) => ['ignore', log, log]);
  child.kill('SIGKILL');
  await once(child, 'exit');

  assert.equal(await writesTo(pid, path), null);
});
