/** A process that listens on a port of this machine, and writes to no log. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';

const LISTENS = `
  const server = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log(server.address().port));
`;
const WAITS = `console.log(0); setInterval(() => {}, 1000);`;

export async function startListener(
  test: TestContext,
  { listens = true }: { readonly listens?: boolean } = {},
): Promise<{ readonly pid: number; readonly port: number }> {
  const child = spawn(process.execPath, ['-e', listens ? LISTENS : WAITS], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  test.after(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { pid: child.pid ?? 0, port: Number(line.toString()) };
}
