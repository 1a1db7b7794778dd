import assert from 'node:assert/strict';
import type { RequestListener, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import test from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import {
  candidate,
  scope,
  stable,
  startEdgeUnderTest,
  totalOf,
} from '../../test/support/edge/edge-under-test.ts';
import { aLease, aPool, aRouting } from '../../test/support/edge/routing-builder.ts';
import { createShiftedClock } from '../../test/support/edge/shifted-clock.ts';
import { startBadCandidate } from '../../test/support/edge/start-bad-candidate.ts';
import { until } from '../../test/support/until.ts';
import { freePort } from '../../tools/stand/free-port.ts';
import { countOf, partAbove } from '../core/model/histogram.ts';
import type { TripCounts } from '../core/model/routing.ts';

test('a safe request that the candidate fails is answered by the stable pool', async (t) => {
  const { edge, old } = await startBadCandidate(t, (_request, response) => {
    response.statusCode = 500;
    response.end('broken');
  });

  const answers = await Promise.all(
    ['GET', 'HEAD', 'OPTIONS'].map((method) => fetch(edge.url, { method })),
  );

  assert.deepEqual(
    answers.map((answer) => answer.status),
    [200, 200, 200],
  );
  assert.equal(await answers[0]?.text(), 'old');
  assert.equal(old.seen.length, 3);
  assert.equal(await totalOf(edge, candidate, 'serverErrors'), 3);
  assert.equal(await totalOf(edge, candidate, 'rescued'), 3);
  assert.equal(await totalOf(edge, candidate, 'clientErrors'), 0);
  assert.equal(await totalOf(edge, stable, 'requests'), 0);
});

test('a request that changes something is passed to the candidate once and never repeated', async (t) => {
  const { edge, old, next } = await startBadCandidate(t, (request, response) => {
    if (request.url === '/reset') request.socket.destroy();
    else if (request.url === '/late') request.resume();
    else response.writeHead(500).end('broken');
  });
  const post = async (path: string) =>
    (await fetch(edge.url + path, { method: 'POST', body: 'x' })).status;

  const statuses = [await post('/error'), await post('/reset'), await post('/late')];

  assert.deepEqual(statuses, [500, 502, 504]);
  assert.deepEqual(next.seen, ['POST /error', 'POST /reset', 'POST /late']);
  assert.deepEqual(old.seen, []);
  assert.equal(await totalOf(edge, candidate, 'requests'), 3);
  assert.equal(await totalOf(edge, candidate, 'clientErrors'), 3);
  assert.equal(await totalOf(edge, candidate, 'idempotentClientErrors'), 0);
  assert.equal(await totalOf(edge, candidate, 'timeouts'), 1);
  assert.equal(await totalOf(edge, candidate, 'resets'), 1);
});

test('a safe request that breaks off or comes too late is answered by the stable pool', async (t) => {
  const { edge, old } = await startBadCandidate(t, (request) => {
    if (request.url === '/reset') request.socket.destroy();
  });

  const statuses = [
    (await fetch(`${edge.url}/reset`)).status,
    (await fetch(`${edge.url}/late`)).status,
  ];

  assert.deepEqual(statuses, [200, 200]);
  assert.deepEqual(old.seen, ['GET /reset', 'GET /late']);
  assert.equal(await totalOf(edge, candidate, 'resets'), 1);
  assert.equal(await totalOf(edge, candidate, 'timeouts'), 1);
  assert.equal(await totalOf(edge, candidate, 'rescued'), 2);
});

test('what no endpoint of the candidate took goes to the stable pool, whatever the method', async (t) => {
  const { edge, old, next } = await startBadCandidate(t);
  await next.close();

  const answer = await fetch(edge.url, { method: 'POST', body: 'x'.repeat(100_000) });

  assert.equal(answer.status, 200);
  assert.deepEqual(old.seen, ['POST /']);
  assert.equal(await totalOf(edge, candidate, 'connectErrors'), 1);
  assert.equal(await totalOf(edge, candidate, 'rescued'), 1);
});

test('an endpoint that refuses is passed over within its pool', async (t) => {
  const edge = await startEdgeUnderTest(t);
  const alive = await startBackend(t);
  const pools = [aPool(stable, 100, [await freePort(), alive.port])];
  await edge.apply(aRouting({ scope, port: edge.port, pools }), { deployment: 1, sequence: 1 });

  const statuses: number[] = [];
  for (let index = 0; index < 10; index += 1) {
    statuses.push((await fetch(edge.url, { method: 'POST', body: 'x' })).status);
  }

  assert.deepEqual(new Set(statuses), new Set([200]));
  assert.equal(await totalOf(edge, stable, 'clientErrors'), 0);
});

test('a connection that the backend closed while idle is not seen by clients', async (t) => {
  const edge = await startEdgeUnderTest(t);
  const backend = await startBackend(t);
  const pools = [aPool(stable, 100, [backend.port])];
  await edge.apply(aRouting({ scope, port: edge.port, pools }), { deployment: 1, sequence: 1 });

  const statuses: number[] = [];
  for (let index = 0; index < 50; index += 1) {
    statuses.push((await fetch(edge.url)).status);
    for (const socket of backend.sockets) {
      if (index % 2 === 0) socket.destroy();
      else socket.resetAndDestroy();
    }
  }

  assert.deepEqual(new Set(statuses), new Set([200]));
});

test('without a stable pool nothing is rescued and the failure is passed on', async (t) => {
  const edge = await startEdgeUnderTest(t);
  const broken = await startBackend(t, (_request, response) => response.writeHead(503).end('own'));
  const pools = [aPool(candidate, 100, [broken.port])];
  await edge.apply(
    aRouting({ scope, port: edge.port, pools, stable: null, lease: aLease(candidate) }),
    { deployment: 1, sequence: 1 },
  );

  const answer = await fetch(edge.url);

  assert.equal(answer.status, 503);
  assert.equal(await answer.text(), 'own');
  assert.equal(await totalOf(edge, candidate, 'idempotentClientErrors'), 1);
});

test('without any endpoint the answer is 503 and counted once', async (t) => {
  const edge = await startEdgeUnderTest(t);
  await edge.apply(aRouting({ scope, port: edge.port, pools: [], stable: null }), {
    deployment: 1,
    sequence: 1,
  });

  const answer = await fetch(edge.url);

  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get('retry-after'), '1');
  assert.equal(await totalOf(edge, 'none', 'requests'), 1);
  assert.equal(await totalOf(edge, 'none', 'clientErrors'), 1);
});

test('an answer that breaks midway breaks at the client and is counted', async (t) => {
  const edge = await startEdgeUnderTest(t);
  const backend = await startBackend(t, (request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => request.socket.destroy());
  });
  const pools = [aPool(stable, 100, [backend.port])];
  await edge.apply(aRouting({ scope, port: edge.port, pools }), { deployment: 1, sequence: 1 });

  await assert.rejects(async () => (await fetch(edge.url)).text());

  assert.equal(await totalOf(edge, stable, 'requests'), 1);
  assert.equal(await totalOf(edge, stable, 'resets'), 1);
  assert.equal(await totalOf(edge, stable, 'clientErrors'), 1);
});

test('a client that leaves ends its request at the backend and is no error', async (t) => {
  let closed = 0;
  const { edge, next } = await startBadCandidate(t, (_request, response) => {
    response.on('close', () => (closed += 1));
  });
  const leaving = new AbortController();
  const request = fetch(edge.url, { signal: leaving.signal });
  await until('the candidate has the request', () => next.seen.length === 1);

  leaving.abort();

  await assert.rejects(request);
  await until('the backend lost the request', () => closed === 1);
  assert.equal((await edge.observe()).inFlight[candidate], 0);
  assert.equal(await totalOf(edge, candidate, 'requests'), 0);
  assert.equal(await totalOf(edge, candidate, 'abandoned'), 1);
  assert.equal(await totalOf(edge, candidate, 'clientErrors'), 0);
});

test('how long an abandoned request had waited is told, and its latency is not', async (t) => {
  const clock = createShiftedClock();
  const { edge, next } = await startBadCandidate(t, () => undefined, {
    requestTimeoutMs: 60_000,
    clock,
  });
  const leaving = new AbortController();
  const request = fetch(edge.url, { signal: leaving.signal });
  await until('the candidate has the request', () => next.seen.length === 1);
  clock.advance(5_000);

  leaving.abort();

  await assert.rejects(request);
  await until('it is counted', async () => (await totalOf(edge, candidate, 'abandoned')) === 1);
  const [sample] = (await edge.samples()).filter(({ pool }) => pool === candidate);
  assert.ok(sample);
  assert.equal(countOf(partAbove(sample.abandonedWaits, 5_000_000)), 1);
  assert.equal(countOf(partAbove(sample.abandonedWaits, 60_000_000)), 0);
  assert.deepEqual([sample.requests, sample.latency], [0, []]);
});

test('a client that leaves in the middle of its upload has not waited for the pool', async (t) => {
  const clock = createShiftedClock();
  const { edge, next } = await startBadCandidate(t, (request) => request.resume(), {
    requestTimeoutMs: 60_000,
    clock,
  });
  const client = connect(edge.port, '127.0.0.1');
  t.after(() => client.destroy());
  client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf');
  await until('the candidate has the request', () => next.seen.length === 1);
  clock.advance(5_000);

  client.destroy();

  await until('it is counted', async () => (await totalOf(edge, candidate, 'abandoned')) === 1);
  const [sample] = (await edge.samples()).filter(({ pool }) => pool === candidate);
  assert.deepEqual(sample?.abandonedWaits, [[0, 1]]);
});

for (const [rule, handler] of Object.entries({
  serverErrors: (_request, response) => response.writeHead(502).end(),
  connectErrors: (request) => request.socket.destroy(),
  timeouts: () => undefined,
} satisfies Record<keyof TripCounts, RequestListener>)) {
  test(`reaching the limit of ${rule} takes the candidate's weight away`, async (t) => {
    const { edge, old } = await startBadCandidate(t, handler, { [rule]: 2 });

    const statuses = [(await fetch(edge.url)).status, (await fetch(edge.url)).status];
    const observed = await edge.observe();
    const after = await fetch(edge.url);

    assert.deepEqual(statuses, [200, 200]);
    assert.equal(await after.text(), 'old');
    assert.equal(old.seen.length, 3);
    assert.equal(observed.fallback?.cause, 'tripped');
    assert.equal(observed.fallback.rule, rule);
    assert.equal(observed.fallback.observed, 2);
    assert.deepEqual(observed.weights, { [stable]: 100, [candidate]: 0 });
    assert.equal(await totalOf(edge, candidate, 'requests'), 2);
  });
}

test("answers that break after their head take the candidate's weight away", async (t) => {
  const breaking: RequestListener = (request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => request.socket.destroy());
  };
  const { edge } = await startBadCandidate(t, breaking, { connectErrors: 2 });
  const ask = async () => (await fetch(edge.url)).text();

  const first = await ask();
  const before = await edge.observe();
  const second = await ask();

  const { fallback } = await edge.observe();
  assert.deepEqual([first, second], ['old', 'old']);
  assert.equal(before.fallback, null);
  assert.equal(fallback?.cause, 'tripped');
  assert.deepEqual([fallback.rule, fallback.observed], ['connectErrors', 2]);
  assert.equal(await ask(), 'old');
});

test('a trip sends the safe requests that wait at the candidate to the stable pool at once', async (t) => {
  const held: ServerResponse[] = [];
  const { edge, old, next } = await startBadCandidate(
    t,
    (request, response) => {
      if (request.url === '/error') response.writeHead(500).end();
      else held.push(response);
    },
    { serverErrors: 1, requestTimeoutMs: 60_000 },
  );
  const waiting = [1, 2, 3].map((index) => fetch(`${edge.url}/wait/${index}`));
  const posted = fetch(`${edge.url}/post`, { method: 'POST', body: 'x' });
  await until('four requests wait', () => held.length === 4);
  assert.ok(((await edge.observe()).oldestWaitingMs[candidate] ?? 0) > 0);

  await fetch(`${edge.url}/error`);

  for (const answer of await Promise.all(waiting)) assert.equal(await answer.text(), 'old');
  assert.equal(old.seen.length, 4);
  assert.equal(old.seen.includes('POST /post'), false);
  assert.equal((await edge.observe()).inFlight[candidate], 1);
  for (const response of held) response.end('next');
  assert.equal(await (await posted).text(), 'next');
  assert.equal(next.seen.filter((seen) => seen === 'POST /post').length, 1);
  assert.equal(await totalOf(edge, candidate, 'requests'), 2);
  assert.equal(await totalOf(edge, candidate, 'abandoned'), 0);
  assert.equal(await totalOf(edge, candidate, 'rescued'), 4);
});

test('a newer routing without the candidate moves its waiting safe requests', async (t) => {
  let held = 0;
  const { edge, old } = await startBadCandidate(t, () => (held += 1), { requestTimeoutMs: 60_000 });
  const waiting = fetch(edge.url);
  await until('the request waits', () => held === 1);

  await edge.apply(aRouting({ scope, port: edge.port, pools: [aPool(stable, 100, [old.port])] }), {
    deployment: 2,
    sequence: 2,
  });

  assert.equal(await (await waiting).text(), 'old');
});

test('requests that wait at the former stable pool end there when it is replaced', async (t) => {
  const held: ServerResponse[] = [];
  const edge = await startEdgeUnderTest(t);
  const old = await startBackend(t, (_request, response) => held.push(response));
  const next = await startBackend(t, (_request, response) => response.end('next'));
  const only = (pool: typeof stable, port: number, sequence: number) =>
    edge.apply(aRouting({ scope, port: edge.port, pools: [aPool(pool, 100, [port])] }), {
      deployment: 2,
      sequence,
    });
  await only(stable, old.port, 1);
  const waiting = fetch(edge.url);
  await until('the request waits', () => held.length === 1);

  await only(candidate, next.port, 2);
  await only(candidate, next.port, 3);
  const later = await (await fetch(edge.url)).text();
  held[0]?.end('old');

  assert.equal(later, 'next');
  assert.equal(await (await waiting).text(), 'old');
  await until('it is forgotten', async () => !(stable in (await edge.observe()).inFlight));
});

test('a client that stalls in its body is told so, and no pool is blamed', async (t) => {
  // Longer than an answer may take: by then the candidate would have been late.
  const limits = { idleTimeoutMs: 600 };
  const { edge } = await startBadCandidate(t, (request) => request.resume(), { limits });
  const { promise, resolve } = Promise.withResolvers<ReadableStreamDefaultController>();
  const stalled = new ReadableStream({ start: resolve });
  (await promise).enqueue(new TextEncoder().encode('begin'));

  const answer = await fetch(edge.url, { method: 'POST', body: stalled, duplex: 'half' });

  assert.equal(answer.status, 408);
  assert.equal(await totalOf(edge, candidate, 'timeouts'), 0);
  assert.equal(await totalOf(edge, candidate, 'clientErrors'), 0);
});
