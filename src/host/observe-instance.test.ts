import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { identifyProcess } from '../platform/process-identity.ts';
import { INSTANCE_HOST } from '../platform/port-allocation.ts';
import type { InstanceLife } from './instance-life.ts';
import { observeInstance } from './observe-instance.ts';

test('an instance that ends while it is looked at is not told as one that still accepts', async (context) => {
  const server = createServer((socket) => socket.end()).listen(0, INSTANCE_HOST);
  context.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const life = {
    record: { id: 'i-1', port, exit: null, unexpectedExits: 0 },
    process: {
      identity: await identifyProcess(process.pid),
      exited: null,
      ownsPort: true,
    },
    log: {
      drain() {
        life.process = null;
        Object.assign(life.record, { exit: { code: null, signal: 'SIGKILL' }, unexpectedExits: 1 });
        return Promise.resolve();
      },
      lastLines: () => [],
    },
  } as unknown as InstanceLife;

  const { state, pid, unexpectedExits } = await observeInstance(life);

  assert.deepEqual(
    { state, pid, unexpectedExits },
    { state: 'exited', pid: null, unexpectedExits: 1 },
  );
});
