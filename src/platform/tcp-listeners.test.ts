import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { childrenOf, tcpListenersOf } from './tcp-listeners.ts';

const linux = { skip: process.platform !== 'linux' };

async function listening(t: TestContext, host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

for (const host of ['127.0.0.1', '0.0.0.0', '::1', '::']) {
  test(`a process that listens on ${host} is seen to`, linux, async (t) => {
    const port = await listening(t, host);

    const listeners = await tcpListenersOf(process.pid);

    assert.ok(listeners?.some((each) => each.host === host && each.port === port));
  });
}

test('sockets of others, and connections, are no listeners of a process', linux, async (t) => {
  const port = await listening(t, '127.0.0.1');
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'spawn');
  assert.ok(child.pid);

  assert.deepEqual(await tcpListenersOf(child.pid), []);
  assert.ok((await childrenOf(process.pid)).includes(child.pid));
  assert.ok(port > 0);
});

test('a process that is gone listens on nothing and has no children', linux, async (t) => {
  const child = spawn(process.execPath, ['-e', '']);
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'exit');
  assert.ok(child.pid);

  assert.deepEqual(await tcpListenersOf(child.pid), []);
  assert.deepEqual(await childrenOf(child.pid), []);
});
