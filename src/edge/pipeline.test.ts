import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import test, { type TestContext } from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import { startServingEdge } from '../../test/support/edge/edge-under-test.ts';
import { until } from '../../test/support/until.ts';
import { defaultLimits, type RequestLimits } from '../core/model/request-limits.ts';

/** A client that sends all of these at once; without a handler the test answers. */
async function startPipelined(
  t: TestContext,
  requests: readonly string[],
  answer?: (response: ServerResponse) => void,
  limits: Partial<RequestLimits> = {},
) {
  const asked = new Map<string, ServerResponse>();
  const backend = await startBackend(t, (request, response) => {
    request.resume();
    asked.set(`${request.method ?? ''} ${request.url ?? ''}`, response);
    answer?.(response);
  });
  const edge = await startServingEdge(t, [backend.port], {
    limits: { ...defaultLimits, ...limits },
  });
  const socket = connect(edge.port, '127.0.0.1');
  t.after(() => socket.destroy());
  // Cut off, it may be reset.
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined);
  socket.write(requests.join(''));
  return { asked, backend, edge, socket, closed };
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
const post = (path: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx`;

test('requests of one connection are passed on one behind the other, each when the one before was answered', async (t) => {
  const { asked, backend, socket } = await startPipelined(t, [post('/1'), get('/2'), post('/3')]);
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));

  for (const [at, path] of ['POST /1', 'GET /2', 'POST /3'].entries()) {
    await until('it is asked', () => asked.has(path));
    assert.equal(backend.seen.length, at + 1);
    asked.get(path)?.end(`<${path}>`);
  }
  await until('all are answered', () => text.includes('<POST /3>'));

  assert.match(text, /<POST \/1>[^]*<GET \/2>[^]*<POST \/3>/);
});

test('of more requests than anybody waits for at once the first are answered, and the connection ends', async (t) => {
  const { backend, socket, closed } = await startPipelined(
    t,
    Array.from({ length: 150 }, (_, at) => get(`/${at}`)),
    (response) => response.end('ok'),
  );
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  await closed;

  assert.equal(text.match(/HTTP\/1\.1 200 /g)?.length, backend.seen.length);
  assert.equal(text.match(/connection: close/gi)?.length, 1);
  assert.ok(backend.seen.length > 50 && backend.seen.length < 150, String(backend.seen.length));
});

test('a client that goes on sending what nobody will look at is cut off', async (t) => {
  const { backend, socket, closed } = await startPipelined(
    t,
    Array.from({ length: 20_000 }, () => get('/')),
  );
  socket.resume();

  // The first is never answered, so that nothing else would end it for half a minute.
  await closed;

  assert.ok(backend.seen.length <= 1, `${backend.seen.length} were asked`);
});

test('behind the last request that a connection may bring nothing is passed on', async (t) => {
  const { backend, socket, closed } = await startPipelined(
    t,
    Array.from({ length: 6 }, (_, at) => post(`/${at}`)),
    (response) => response.end('ok'),
    { keepAliveRequestsMax: 3 },
  );
  socket.resume();
  await closed;

  assert.deepEqual(backend.seen, ['POST /0', 'POST /1', 'POST /2']);
});
