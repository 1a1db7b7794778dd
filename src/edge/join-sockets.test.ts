import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type TestContext } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { startBackend } from '../../test/support/edge/backend.ts';
import {
  candidate,
  scope,
  stable,
  startEdgeUnderTest,
  startServingEdge,
  totalOf,
} from '../../test/support/edge/edge-under-test.ts';
import { aLease, aPool, aRouting } from '../../test/support/edge/routing-builder.ts';
import { until } from '../../test/support/until.ts';
import { countOf } from '../core/model/histogram.ts';

test('a WebSocket carries messages both ways and is in flight until it closes', async (t) => {
  const port = await startWebSocketEcho(t, 'v1');
  const edge = await startServingEdge(t, [port]);
  const socket = new WebSocket(`ws://127.0.0.1:${edge.port}/live`, ['chat']);
  await once(socket, 'open');

  socket.send('hello');
  const [message] = (await once(socket, 'message')) as [Buffer];
  socket.send(Buffer.alloc(1024 * 1024, 7));
  const [large] = (await once(socket, 'message')) as [Buffer];

  assert.equal(message.toString(), 'v1 hello');
  assert.equal(large.length, 1024 * 1024 + 3);
  assert.equal(socket.protocol, 'chat');
  assert.equal((await edge.observe()).inFlight[stable], 1);
  assert.equal((await edge.observe()).oldestWaitingMs[stable], 0);
  socket.close();
  await until('the tunnel is closed', async () => (await edge.observe()).inFlight[stable] === 0);
  assert.equal(await totalOf(edge, stable, 'requests'), 1);
  assert.equal(countOf((await edge.samples())[0]?.latency ?? []), 1, 'how long the handshake took');
});

test('a backend that ends takes its tunnels with it', async (t) => {
  const sockets: WebSocket[] = [];
  const port = await startWebSocketEcho(t, 'v1', sockets);
  const edge = await startServingEdge(t, [port]);
  const socket = new WebSocket(`ws://127.0.0.1:${edge.port}/`);
  await once(socket, 'open');
  await until('the backend has the socket', () => sockets.length === 1);

  const closed = once(socket, 'close');
  sockets[0]?.terminate();

  await closed;
  await until('nothing is in flight', async () => (await edge.observe()).inFlight[stable] === 0);
});

test('an upgrade that the backend refuses is an ordinary answer', async (t) => {
  const backend = await startBackend(t, (_request, response) => {
    response.writeHead(403, { 'x-why': 'no' });
    response.end('not for you');
  });
  // Without a listener for it, Node serves an upgrade as a request.
  const edge = await startServingEdge(t, [backend.port]);
  const socket = new WebSocket(`ws://127.0.0.1:${edge.port}/`);

  const [, answer] = (await once(socket, 'unexpected-response')) as [
    unknown,
    { statusCode: number; headers: Record<string, string> },
  ];

  assert.equal(answer.statusCode, 403);
  assert.equal(answer.headers['x-why'], 'no');
  socket.on('error', () => undefined);
  socket.terminate();
});

test('a WebSocket outlives the drain of its pool and new ones go to the other', async (t) => {
  const oldPort = await startWebSocketEcho(t, 'old');
  const newPort = await startWebSocketEcho(t, 'new');
  const edge = await startEdgeUnderTest(t);
  const both = (weight: number) => [
    aPool(stable, 100 - weight, [oldPort]),
    aPool(candidate, weight, [newPort]),
  ];
  const split = (weight: number, sequence: number) =>
    edge.apply(
      aRouting({ scope, port: edge.port, pools: both(weight), lease: aLease(candidate) }),
      { deployment: 2, sequence },
    );
  await split(100, 1);
  const socket = new WebSocket(`ws://127.0.0.1:${edge.port}/`);
  await once(socket, 'open');

  await split(0, 2);
  const [onlyOld] = both(0);
  await edge.apply(aRouting({ scope, port: edge.port, pools: [{ ...onlyOld!, weight: 100 }] }), {
    deployment: 2,
    sequence: 3,
  });
  const other = new WebSocket(`ws://127.0.0.1:${edge.port}/`);
  await once(other, 'open');

  assert.equal(await echoOf(socket), 'new x');
  assert.equal(await echoOf(other), 'old x');
  assert.deepEqual((await edge.observe()).inFlight, { [stable]: 1, [candidate]: 1 });
  socket.close();
  await until(
    'the drained pool is forgotten',
    async () => !(candidate in (await edge.observe()).inFlight),
  );
  other.terminate();
});

async function echoOf(socket: WebSocket): Promise<string> {
  const answered = once(socket, 'message') as Promise<[Buffer]>;
  socket.send('x');
  return (await answered)[0].toString();
}

async function startWebSocketEcho(
  t: TestContext,
  name: string,
  sockets: WebSocket[] = [],
): Promise<number> {
  const server = createServer();
  const echo = new WebSocketServer({ server });
  echo.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('message', (data: Buffer) =>
      socket.send(Buffer.concat([Buffer.from(`${name} `), data])),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    for (const socket of echo.clients) socket.terminate();
    echo.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}
