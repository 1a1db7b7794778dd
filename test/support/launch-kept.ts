/** A process that does nothing and whose output goes to a file. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { TestContext } from 'node:test';

export async function launchKept(test: TestContext, path: string): Promise<number> {
  const log = openSync(path, 'a');
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  test.after(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  await once(child, 'spawn');
  return child.pid ?? 0;
}
