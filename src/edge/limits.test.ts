import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import test, { type TestContext } from 'node:test';
import { startBackend, type Backend } from '../../test/support/edge/backend.ts';
import {
  candidate,
  scope,
  stable,
  startEdgeUnderTest,
  totalOf,
  type EdgeUnderTest,
} from '../../test/support/edge/edge-under-test.ts';
import { rawRequest } from '../../test/support/edge/raw-request.ts';
import { aLease, aPool, aRouting, noTrips } from '../../test/support/edge/routing-builder.ts';
import { until } from '../../test/support/until.ts';
import { defaultLimits, type RequestLimits } from '../core/model/request-limits.ts';

const POST = 'POST / HTTP/1.1\r\nHost: a\r\n';

test('a body that is declared too large is refused before anything is sent on', async (t) => {
  const { edge, backend } = await limited(t, { bodyBytesMax: 1_000 });

  const answers = [
    await rawRequest(edge.port, `${POST}Content-Length: 1001\r\n\r\n${'x'.repeat(1_001)}`),
    await rawRequest(edge.port, `${POST}Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n`),
    await rawRequest(edge.port, `${POST}Content-Length: 1000\r\n\r\n${'x'.repeat(1_000)}`, {
      until: /ok$/,
    }),
  ];

  assert.deepEqual(
    answers.map(({ text }) => text.slice(9, 12)),
    ['413', '413', '200'],
  );
  assert.equal(answers[1]?.text.includes('100 Continue'), false);
  assert.deepEqual(backend.seen, ['POST /']);
  assert.deepEqual(await refusedBy(edge), { 413: 2 });
  assert.equal(await totalOf(edge, candidate, 'requests'), 1);
});

test('a body in chunks is refused as soon as it is too large, and its client is not reset', async (t) => {
  let broken = 0;
  const { edge } = await limited(t, { bodyBytesMax: 100_000 }, (request) => {
    request.on('error', () => (broken += 1)).resume();
  });
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  const endless = Array.from({ length: 100 }, () => chunk);

  const { text } = await rawRequest(
    edge.port,
    [`${POST}Transfer-Encoding: chunked\r\n\r\n`, ...endless],
    { until: /too large\.\n$/ },
  );

  assert.match(text, /^HTTP\/1\.1 413 /);
  assert.match(text, /connection: close/i);
  await until('the upstream request has ended', () => broken === 1);
  assert.deepEqual(await refusedBy(edge), { 413: 1 });
  await assertNobodyBlamed(edge);
});

test('heads and targets follow the limits of the routing', async (t) => {
  const { edge, backend } = await limited(t, {
    headBytesMax: 1_024,
    headersMax: 8,
    targetBytesMax: 100,
  });
  const get = 'GET / HTTP/1.1\r\nHost: a\r\n';

  const answers = [
    await rawRequest(edge.port, `${get}X-A: ${'a'.repeat(1_100)}\r\n\r\n`),
    await rawRequest(edge.port, `${get}${'A: b\r\n'.repeat(8)}\r\n`),
    await rawRequest(edge.port, `GET /${'a'.repeat(100)} HTTP/1.1\r\nHost: a\r\n\r\n`),
  ];

  assert.deepEqual(
    answers.map(({ text }) => text.slice(9, 12)),
    ['431', '431', '414'],
  );
  assert.deepEqual(backend.seen, []);
  assert.deepEqual(await refusedBy(edge), { 414: 1, 431: 2 });
  await assertNobodyBlamed(edge);
});

test('a head that does not arrive in time is told so', async (t) => {
  const { edge } = await limited(t, { headTimeoutMs: 50 });

  const { text } = await rawRequest(edge.port, 'GET / HTTP/1.1\r\nHost:');

  assert.match(text, /^HTTP\/1\.1 408 /);
  assert.deepEqual(await refusedBy(edge), { 408: 1 });
});

test('a client that sends its body too slowly as a whole is told so, and no pool is blamed', async (t) => {
  const { edge, backend } = await limited(t, { totalTimeoutMs: 400 }, (request) =>
    request.resume(),
  );
  const client = connect(edge.port, '127.0.0.1');
  t.after(() => client.destroy());
  client.write(`${POST}Content-Length: 10000\r\n\r\n`);
  const trickle = setInterval(() => client.write('x'), 20);
  t.after(() => clearInterval(trickle));
  const { promise, resolve } = Promise.withResolvers<string>();
  client.setEncoding('latin1').once('data', resolve);

  assert.match(await promise, /^HTTP\/1\.1 408 /);

  clearInterval(trickle);
  assert.deepEqual(backend.seen, ['POST /']);
  assert.deepEqual(await refusedBy(edge), { 408: 1 });
  await assertNobodyBlamed(edge);
});

test('a client that is silent in its body is no late request of the candidate', async (t) => {
  const { edge, backend } = await limited(
    t,
    { idleTimeoutMs: 500 },
    (request) => request.resume(),
    { requestTimeoutMs: 30 },
  );
  const answer = rawRequest(edge.port, `${POST}Content-Length: 10\r\n\r\nhalf`);
  await until('the candidate has it', () => backend.seen.length === 1);
  await until('it does not wait', async () => {
    const { inFlight, oldestWaitingMs } = await edge.observe();
    return inFlight[candidate] === 1 && oldestWaitingMs[candidate] === 0;
  });

  assert.match((await answer).text, /^HTTP\/1\.1 408 /);
  assert.deepEqual(await refusedBy(edge), { 408: 1 });
  await assertNobodyBlamed(edge);
});

test('an answer that stands still is cut, and is a time-out of the candidate that trips', async (t) => {
  const { edge } = await limited(
    t,
    { idleTimeoutMs: 100 },
    (_request, response) => response.writeHead(200, { 'content-length': '100000' }).write('begin'),
    { trip: { ...noTrips, timeouts: 1 } },
  );

  await assert.rejects(async () => (await fetch(edge.url, { method: 'POST' })).text());

  assert.equal(await totalOf(edge, candidate, 'timeouts'), 1);
  assert.equal(await totalOf(edge, candidate, 'clientErrors'), 1);
  assert.equal((await edge.observe()).fallback?.cause, 'tripped');
  assert.deepEqual(await refusedBy(edge), {});
});

test('a client that takes no more of its answer is cut, and no pool is blamed', async (t) => {
  // Made before: nobody answers while it is, and that is idle, too.
  const answer = Buffer.alloc(64 * 1024 ** 2);
  const { edge } = await limited(t, { idleTimeoutMs: 500 }, (_request, response) => {
    response.writeHead(200, { 'content-length': String(answer.length) });
    response.end(answer);
  });
  const client = connect(edge.port, '127.0.0.1');
  t.after(() => client.destroy());
  client.pause();

  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');

  await until('it is cut', async () => (await refusedBy(edge))[408] === 1);
  assert.equal((await edge.observe()).inFlight[candidate], 0);
  await assertNobodyBlamed(edge);
});

test('an answer that takes too long as a whole is cut, an event stream never is', async (t) => {
  const { edge } = await limited(
    t,
    { idleTimeoutMs: 150, totalTimeoutMs: 300 },
    (request, response) => {
      const isStream = request.url === '/events';
      response.writeHead(200, isStream ? { 'content-type': 'text/event-stream' } : {});
      response.write('begin');
      if (isStream) return;
      const trickle = setInterval(() => response.write('x'), 20);
      response.once('close', () => clearInterval(trickle));
    },
  );
  const leaving = new AbortController();
  const stream = await fetch(`${edge.url}/events`, { signal: leaving.signal });

  await assert.rejects(async () => (await fetch(`${edge.url}/long`, { method: 'POST' })).text());

  assert.equal(await totalOf(edge, candidate, 'timeouts'), 1);
  assert.equal((await edge.observe()).inFlight[candidate], 1);
  assert.equal(stream.status, 200);
  leaving.abort();
});

test('a connection is closed behind as many requests as it may have', async (t) => {
  const { edge } = await limited(t, { keepAliveRequestsMax: 2 });
  const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

  const { text, closed } = await rawRequest(edge.port, get + get);

  assert.equal(closed, true);
  assert.match(text, /connection: keep-alive[^]*connection: close/i);
  assert.equal(text.match(/HTTP\/1\.1 200/g)?.length, 2);
});

async function refusedBy(edge: EdgeUnderTest): Promise<Readonly<Record<string, number>>> {
  return (await edge.report()).refused ?? {};
}

async function assertNobodyBlamed(edge: EdgeUnderTest): Promise<void> {
  for (const what of ['timeouts', 'resets', 'connectErrors', 'clientErrors'] as const) {
    assert.equal(await totalOf(edge, candidate, what), 0, what);
    assert.equal(await totalOf(edge, stable, what), 0, what);
  }
}

/** A candidate alone under limits; what it answers is `ok` unless the handler says otherwise. */
async function limited(
  t: TestContext,
  limits: Partial<RequestLimits>,
  handler: RequestListener = (request, response) => {
    request.resume().on('end', () => response.end('ok'));
  },
  options: { readonly requestTimeoutMs?: number; readonly trip?: typeof noTrips } = {},
): Promise<{ edge: EdgeUnderTest; backend: Backend }> {
  const { requestTimeoutMs = 10_000, trip = noTrips } = options;
  const edge = await startEdgeUnderTest(t);
  const [old, backend] = [await startBackend(t), await startBackend(t, handler)];
  const pools = [aPool(stable, 0, [old.port]), aPool(candidate, 100, [backend.port])];
  await edge.apply(
    aRouting({
      ...{ scope, port: edge.port, pools, requestTimeoutMs },
      lease: aLease(candidate, { trip }),
      limits: { ...defaultLimits, ...limits },
    }),
    { deployment: 1, sequence: 1 },
  );
  return { edge, backend };
}
