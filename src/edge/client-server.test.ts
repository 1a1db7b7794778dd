import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import { stable, startServingEdge } from '../../test/support/edge/edge-under-test.ts';
import { until } from '../../test/support/until.ts';
import { createClientServer } from './client-server.ts';
import type { ScopeTraffic } from './scope-traffic.ts';
import { defaultLimits, type RequestLimits } from '../core/model/request-limits.ts';

const GARBAGE = '\0\r\n\r\n';

const CONNECT = 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n';
const UPGRADE = 'GET /up HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n';

for (const [what, bytes, paths] of [
  ['garbage', GARBAGE, ['/1', '/2']],
  ['a CONNECT', CONNECT, ['/1', '/2']],
  ['an upgrade', UPGRADE, ['/1']],
  ['the end of the connection', null, ['/1']],
] as const) {
  test(`what is answered when ${what} arrives is not lost`, async (t) => {
    const { client, asked } = await startAsked(t, paths);

    // Both are there before the event loop turns, the answer first.
    asked.get('/1')?.end('answer to /1');
    if (bytes === null) client.socket.end();
    else client.socket.write(bytes);
    for (const path of paths.slice(1)) {
      await until('the next is asked', () => asked.has(path));
      asked.get(path)?.end(`answer to ${path}`);
    }
    await client.ended;

    const answers = client.text().match(/HTTP\/1\.1 200 [^]*?answer to \/\d/g) ?? [];
    assert.deepEqual(
      answers.map((answer) => answer.slice(-2)),
      paths,
    );
  });
}

for (const [what, bytes, status] of [
  ['malformed bytes', GARBAGE, '400'],
  ['a CONNECT', CONNECT, '405'],
] as const) {
  test(`the refusal of ${what} comes behind the answers that are still to come`, async (t) => {
    const { edge, client, asked } = await startAsked(t, ['/1', '/2']);

    client.socket.write(bytes);
    await until('it is refused', async () => refusalsOf(await edge.report()) === 1);
    asked.get('/1')?.end('first');
    await until('the next is asked', () => asked.has('/2'));
    asked.get('/2')?.end('second');
    await client.ended;

    assert.deepEqual(client.statuses(), ['200', '200', status]);
    assert.match(client.text(), /first[^]*second/);
  });
}

test('a malformed upload cuts no answer off that is still to come, however long it takes', async (t) => {
  const { edge, client, asked } = await startAsked(t, ['/slow']);
  client.socket.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n');

  t.mock.timers.enable({ apis: ['setTimeout'] });
  client.socket.write('no length\r\n');
  // Without `until`, which would wait for a timer.
  while (refusalsOf(await edge.report()) === 0);
  t.mock.timers.tick(3_600_000);
  t.mock.timers.reset();
  asked.get('/slow')?.end('slow');
  await client.ended;

  assert.deepEqual(client.statuses(), ['200', '400']);
  assert.match(client.text(), /slow/);
});

test('the end of the edge closes who is idle, and cuts off no answer that its client has yet to read', async (t) => {
  const servedOf = listenToAccepted(t);
  const { edge, client, asked } = await startAsked(t, ['/']);
  const release = holdWrites(servedOf(edge.port));
  const idle = connect(edge.port, '127.0.0.1');
  idle.write('POST /in-parts HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na');
  await until('that was asked, too', () => asked.has('/in-parts'));
  idle.write('b');
  asked.get('/in-parts')?.end();
  await once(idle, 'data');

  asked.get('/')?.end('answered');
  await until('the edge has it', async () => (await edge.observe()).inFlight[stable] === 0);
  const closed = edge.close(3_600_000);
  // Whoever is idle has been closed by then.
  await until('it listens no more', () => isRefused(edge.port));
  release();
  await Promise.all([closed, client.ended]);

  assert.match(client.text(), /answered$/);
});

test('the end of the edge lets a tunnel go on that began behind an answer', async (t) => {
  const { edge, client, asked, backend } = await startAsked(t, ['/']);
  backend.server.on('upgrade', (_request, socket: Socket) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n',
    );
    socket.on('error', () => undefined).pipe(socket);
  });
  asked.get('/')?.end('answered');
  await until('it is answered', () => client.text().includes('answered'));
  client.socket.write(UPGRADE);
  await until('it is a tunnel', () => client.statuses().includes('101'));

  const closed = edge.close(3_600_000);
  await until('it listens no more', () => isRefused(edge.port));
  client.socket.write('said through it');
  await until('it goes on', () => client.text().endsWith('said through it'));
  client.socket.destroy();
  await closed;
});

test('a client that takes no more of an answer which is there loses its connection', async (t) => {
  const servedOf = listenToAccepted(t);
  const { edge, client, asked } = await startAsked(t, ['/1', '/2'], { idleTimeoutMs: 200 });
  const served = servedOf(edge.port);
  const release = holdWrites(served);
  const ended = once(served, 'close');

  asked.get('/1')?.end('answered');
  await ended;
  release();

  assert.equal(asked.has('/2'), false, 'what waited behind it was never asked');
  assert.equal(client.text(), '');
});

test('an answer that refuses an upgrade comes whole, however long it is', async (t) => {
  const { client, asked } = await startAsked(t, ['/up'], {}, UPGRADE);
  const body = 'x'.repeat(2_000_000);

  asked.get('/up')?.writeHead(404, { 'content-length': body.length }).end(body);
  await client.ended;

  assert.equal(client.text().length - client.text().indexOf('xxx'), body.length);
});

test('a server that never came to listen leaves nothing behind', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const set = t.mock.method(globalThis, 'setInterval');

  createClientServer({} as ScopeTraffic);

  assert.equal(set.mock.callCount(), 0);
});

test('an upgrade that is refused leaves no connection behind, whatever its client does', async (t) => {
  const servedOf = listenToAccepted(t);
  const { edge, client, asked } = await startAsked(t, ['/up'], {}, UPGRADE);
  const served = servedOf(edge.port);
  const ended = once(served, 'close');

  asked.get('/up')?.writeHead(404).end('no');
  // The client's side of the connection stays open.
  await client.ended;
  await ended;

  assert.deepEqual(client.statuses(), ['404']);
});

/** A client that asks for all paths on one connection, of which the first has come; the test answers. */
async function startAsked(
  t: TestContext,
  paths: readonly string[],
  limits: Partial<RequestLimits> = {},
  sent = paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''),
) {
  const asked = new Map<string, ServerResponse>();
  const backend = await startBackend(t, (request, response) => {
    request.resume();
    asked.set(request.url ?? '', response);
  });
  const edge = await startServingEdge(t, [backend.port], {
    limits: { ...defaultLimits, ...limits },
  });
  const socket = connect({ port: edge.port, host: '127.0.0.1', allowHalfOpen: true });
  t.after(() => socket.destroy());
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  socket.write(sent);
  await until('the first is asked', () => asked.size === 1);
  const client = {
    socket,
    ended: once(socket, 'end'),
    text: () => text,
    statuses: () => Array.from(text.matchAll(/HTTP\/1\.1 (\d+) /g), ([, status]) => status),
  };
  return { edge, client, asked, backend };
}

/** Which of the sockets that were accepted is the one on a port. */
function listenToAccepted(t: TestContext): (port: number) => Socket {
  const accepted: Socket[] = [];
  const listener = (message: unknown) => void accepted.push((message as { socket: Socket }).socket);
  subscribe('net.server.socket', listener);
  t.after(() => unsubscribe('net.server.socket', listener));
  return (port) => {
    const served = accepted.find(({ localPort }) => localPort === port);
    assert.ok(served);
    return served;
  };
}

function isRefused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => resolve(true));
    socket.on('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });
}

function refusalsOf({ refused = {} }: { refused?: Readonly<Record<string, number>> }): number {
  return Object.values(refused).reduce((sum, count) => sum + count, 0);
}

/** As if the client's side took nothing, until what is returned is called. */
function holdWrites(socket: Socket): () => void {
  const { _write: write, _writev: writev } = socket;
  const held: (() => void)[] = [];
  Object.assign(socket, {
    _writev: null,
    _write: (...args: Parameters<Socket['_write']>) =>
      void held.push(() => write.apply(socket, args)),
  });
  return () => {
    Object.assign(socket, { _write: write, _writev: writev });
    for (const goOn of held) goOn();
  };
}
