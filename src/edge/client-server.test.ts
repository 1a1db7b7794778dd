import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import { stable, startServingEdge } from '../../test/support/edge/edge-under-test.ts';
import { until } from '../../test/support/until.ts';

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

    // All are there before the event loop turns, the answers first.
    for (const path of paths) asked.get(path)?.end(`answer to ${path}`);
    if (bytes === null) client.socket.end();
    else client.socket.write(bytes);
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
    const { edge, client, asked } = await startAsked(t, ['/slow', '/fast']);
    asked.get('/fast')?.end('fast');
    await until('one is answered', async () => (await edge.observe()).inFlight[stable] === 1);

    client.socket.write(bytes);
    await until('it is refused', async () => refusalsOf(await edge.report()) === 1);
    asked.get('/slow')?.end('slow');
    await client.ended;

    assert.deepEqual(client.statuses(), ['200', '200', status]);
    assert.match(client.text(), /slow[^]*fast/);
  });
}

test('a malformed upload cuts no answer off that is still to come, however long it takes', async (t) => {
  const { edge, client, asked } = await startAsked(t, ['/slow']);
  client.socket.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n');
  await until('the upload has begun', () => asked.has('/'));

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
  const accepted: Socket[] = [];
  const listener = (message: unknown) => void accepted.push((message as { socket: Socket }).socket);
  subscribe('net.server.socket', listener);
  t.after(() => unsubscribe('net.server.socket', listener));
  const { edge, client, asked } = await startAsked(t, ['/']);
  const served = accepted.find(({ localPort }) => localPort === edge.port);
  assert.ok(served);
  const release = holdWrites(served);
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

/** A client that has asked for all paths on one connection; the test answers. */
async function startAsked(t: TestContext, paths: readonly string[]) {
  const asked = new Map<string, ServerResponse>();
  const backend = await startBackend(t, (request, response) => {
    request.resume();
    asked.set(request.url ?? '', response);
  });
  const edge = await startServingEdge(t, [backend.port]);
  const socket = connect({ port: edge.port, host: '127.0.0.1', allowHalfOpen: true });
  t.after(() => socket.destroy());
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
  await until('the backend was asked', () => asked.size === paths.length);
  const client = {
    socket,
    ended: once(socket, 'end'),
    text: () => text,
    statuses: () => Array.from(text.matchAll(/HTTP\/1\.1 (\d+) /g), ([, status]) => status),
  };
  return { edge, client, asked, backend };
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
