import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { serveKeeperStatus } from '../../../../test/support/keeper-status.ts';
import { aPlace } from '../../../../test/support/observed-place-builder.ts';
import { temporaryStateDirectory } from '../../../../test/support/temporary-state-directory.ts';
import { startListener } from '../../../../test/support/start-listener.ts';
import { noTcpControl } from './no-tcp-control.ts';

const linux = { skip: process.platform !== 'linux' };

/** A port of the address that clients are given; nobody listens there. */
async function aFreePort(t: TestContext): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  t.after(() => server.close());
  return port;
}

test(
  'the edge may listen where balancers are declared to, and nobody else may',
  linux,
  async (t) => {
    const { pid, port } = await startListener(t);
    const quiet = await startListener(t, { listens: false });
    const found = async (role: string, declared: number) => {
      const directory = temporaryStateDirectory(t);
      const roles = { server: quiet.pid, [role]: pid };
      await serveKeeperStatus(t, directory, { pid: quiet.pid, roles });
      return noTcpControl(aPlace({ directory }, { host: '127.0.0.1', port: declared }));
    };

    const other = await aFreePort(t);
    const asDeclared = await found('edge', port);
    const elsewhere = await found('edge', other);
    const server = await found('server', port);

    assert.equal(asDeclared.state, 'holds', asDeclared.observed);
    assert.deepEqual(elsewhere, {
      ...{ state: 'broken', observed: `edge listens on 127.0.0.1:${port}` },
    });
    assert.deepEqual(server, {
      ...{ state: 'broken', observed: `server listens on 127.0.0.1:${port}` },
    });
  },
);

test('where Surefoot does not run, nothing is known', async (t) => {
  const place = aPlace({ directory: temporaryStateDirectory(t) });

  assert.deepEqual(await noTcpControl(place), {
    ...{ state: 'unknown', observed: 'Surefoot does not run' },
  });
});
