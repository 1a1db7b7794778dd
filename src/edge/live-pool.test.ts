import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as askUpgrade } from 'node:http';
import test, { type TestContext } from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import { scope, stable, startEdgeUnderTest } from '../../test/support/edge/edge-under-test.ts';
import { aPool, aRouting } from '../../test/support/edge/routing-builder.ts';

/** Two instances, of which only the first one keeps what lasts; short requests are answered by both. */
async function oneOfTwoKeepsStreams(t: TestContext) {
  const short = [0, 0];
  const first = await startBackend(t, (request, response) => {
    if (request.url === '/stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
      return;
    }
    short[0] = (short[0] ?? 0) + 1;
    response.end();
  });
  first.server.on('upgrade', (_request, socket) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n',
    );
    t.after(() => socket.destroy());
  });
  const second = await startBackend(t, (request, response) => {
    if (request.url !== '/stream') short[1] = (short[1] ?? 0) + 1;
    response.end();
  });
  const edge = await startEdgeUnderTest(t);
  const pools = [aPool(stable, 100, [first.port, second.port])];
  await edge.apply(aRouting({ scope, port: edge.port, pools }), { deployment: 1, sequence: 1 });
  const ask = async (count: number) => {
    for (let sent = 0; sent < count; sent += 1) await (await fetch(edge.url)).arrayBuffer();
  };
  return { edge, short, ask };
}

test('streams of one instance do not give all short requests to another', async (t) => {
  const { edge, short, ask } = await oneOfTwoKeepsStreams(t);
  const streams = await Promise.all(Array.from({ length: 6 }, () => fetch(`${edge.url}/stream`)));

  await ask(10);
  for (const stream of streams) await stream.body?.cancel();

  assert.deepEqual(short, [5, 5]);
});

test('tunnels of one instance do not give all short requests to another', async (t) => {
  const { edge, short, ask } = await oneOfTwoKeepsStreams(t);
  const headers = { connection: 'upgrade', upgrade: 'echo' };
  for (let opened = 0; opened < 6; opened += 1) {
    const asked = askUpgrade(`${edge.url}/stream`, { headers }).end();
    t.after(() => asked.destroy());
    await Promise.race([once(asked, 'upgrade'), once(asked, 'response')]);
  }

  await ask(10);

  assert.deepEqual(short, [5, 5]);
});
