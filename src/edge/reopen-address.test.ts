import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import test, { type TestContext } from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import { scope, stable, startEdgeUnderTest } from '../../test/support/edge/edge-under-test.ts';
import { aPool, aRouting } from '../../test/support/edge/routing-builder.ts';
import { until } from '../../test/support/until.ts';
import { freePort } from '../../tools/stand/free-port.ts';
import { scopeOf } from '../core/model/ids.ts';

test('a port that is taken at the restart keeps no other service from being served', async (t) => {
  const { edge, otherUrl } = await twoServices(t);
  await edge.close();
  const holder = await hold(t, edge.port);

  await edge.restart();

  assert.equal(await statusOf(otherUrl), 200);
  assert.equal((await edge.observe()).token.sequence, 1);
  const [line = ''] = edge.logged;
  assert.match(line, /not served: its address cannot be opened/);
  assert.match(line, new RegExp(`"${scope}".*port-unavailable.*${edge.port}`));
  await release(holder);
  await until('it is served again', async () => (await statusOf(edge.url)) === 200);
  await until('that is logged', () => edge.logged.length === 2);
  assert.match(edge.logged[1] ?? '', /served again/);
});

test('a service whose port is taken is served elsewhere by a newer routing', async (t) => {
  const { edge, pools } = await twoServices(t);
  await edge.close();
  await hold(t, edge.port);
  await edge.restart();
  const port = await freePort();

  await edge.apply(aRouting({ scope, port, pools }), { deployment: 1, sequence: 2 });

  assert.equal(await statusOf(`http://127.0.0.1:${port}/`), 200);
  await until('the trying has ended', () => edge.logged.length === 2);
});

test('an edge that still tries to open a port can be closed', async (t) => {
  const { edge, otherUrl } = await twoServices(t);
  await edge.close();
  const holder = await hold(t, edge.port);
  await edge.restart();

  await edge.close();

  await release(holder);
  assert.equal(await statusOf(otherUrl), null);
  const free = await hold(t, edge.port);
  assert.equal(free.listening, true);
});

async function twoServices(t: TestContext) {
  const edge = await startEdgeUnderTest(t);
  const backend = await startBackend(t);
  const pools = [aPool(stable, 100, [backend.port])];
  const other = await freePort();
  const token = { deployment: 1, sequence: 1 };
  await edge.apply(aRouting({ scope, port: edge.port, pools }), token);
  await edge.apply(aRouting({ scope: scopeOf('test', 'other'), port: other, pools }), token);
  return { edge, pools, otherUrl: `http://127.0.0.1:${other}/` };
}

/** Null where nothing answers. */
async function statusOf(url: string): Promise<number | null> {
  try {
    return (await fetch(url, { headers: { connection: 'close' } })).status;
  } catch {
    // Refused, or held by who speaks no HTTP.
    return null;
  }
}

async function hold(t: TestContext, port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return server;
}

function release(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
