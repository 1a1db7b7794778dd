import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { describeProbeContract } from '../../contract-suites/probe.ts';
import { tcpProbe } from './driver.ts';

const release = { version: '2.0', configDigest: 'sha256:1' };

describeProbeContract('tcp', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  return {
    driver: tcpProbe,
    config: { timeout: '1s' },
    subject: { host: '127.0.0.1', port, release },
    breakDown: close,
    silent: null,
    close,
  };
});

/** A listener whose process is frozen and whose queue is full takes no connection any more. */
const frozenListener = `
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    console.log(server.address().port);
  });`;

test(
  'a port whose queue is full fails at the timeout',
  { skip: process.platform === 'linux' ? false : 'queues of listeners differ outside Linux' },
  async () => {
    const child = spawn(process.execPath, ['-e', frozenListener], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const port = Number(line.toString());
    child.kill('SIGSTOP');
    const fillers = [1, 2, 3, 4].map(() =>
      connect({ host: '127.0.0.1', port }).on('error', () => undefined),
    );
    try {
      await Promise.all(fillers.slice(0, 2).map((filler) => once(filler, 'connect')));

      const probe = tcpProbe.connect({ timeout: 150 }, { stateDirectory: '' });
      const subject = { host: '127.0.0.1', port, release };
      const result = await probe.run(subject, { signal: new AbortController().signal });

      assert.deepEqual([result.ok, result.observed], [false, 'no connection within 150 ms']);
    } finally {
      for (const filler of fillers) filler.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  },
);
