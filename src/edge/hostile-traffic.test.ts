import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import test from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import {
  candidate,
  scope,
  stable,
  startEdgeUnderTest,
  startServingEdge,
} from '../../test/support/edge/edge-under-test.ts';
import { rawRequest } from '../../test/support/edge/raw-request.ts';
import { aLease, aPool, aRouting, noTrips } from '../../test/support/edge/routing-builder.ts';
import { until } from '../../test/support/until.ts';

const SEED = 20_260;
const CONNECTIONS = 600;
const ABREAST = 30;

const fragments = [
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde',
  'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n',
  'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET / HTTP/1.0\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /half HTTP/1.1\r\nHost: a\r\n',
  'Transfer-Encoding: chunked\r\n',
  'X-A: \xff\r\n',
  'abcde',
  '\r\n',
  '\0',
  '\n',
];

test('hostile clients and broken backends leave nothing in flight', async (t) => {
  const random = seededRandom(SEED);
  const edge = await startEdgeUnderTest(t);
  const backends = [await startChaos(), await startChaos()];
  const split = (weight: number, deployment: number) =>
    edge.apply(
      aRouting({
        scope,
        port: edge.port,
        requestTimeoutMs: 60,
        pools: [
          aPool(stable, 100 - weight, [backends[0]!.port]),
          aPool(candidate, weight, [backends[1]!.port, 1]),
        ],
        lease: aLease(candidate, { ttlMs: 200, trip: { ...noTrips, serverErrors: 20 } }),
      }),
      { deployment, sequence: 1 },
    );
  await split(50, 1);

  let opened = 0;
  let splits: Promise<unknown> = Promise.resolve();
  const clients = Array.from({ length: ABREAST }, async () => {
    while (opened < CONNECTIONS) {
      opened += 1;
      const deployment = opened + 1;
      if (opened % 25 === 0)
        splits = splits.then(() => split([0, 50, 100][random(3)]!, deployment));
      // On a slow machine clients that leave when they like are gone before a backend has answered.
      await hostileConnection(edge.port, random, { isPatient: opened % 3 === 0 });
    }
  });
  await Promise.all(clients);
  await splits;

  await until('nothing is in flight', async () => {
    const { inFlight, oldestWaitingMs } = await edge.observe();
    return [...Object.values(inFlight), ...Object.values(oldestWaitingMs)].every((n) => n === 0);
  });
  await split(0, CONNECTIONS + 2);
  const samples = await edge.samples();
  // What a patient client asked first has an outcome, however it went.
  assert.ok(samples.reduce((sum, sample) => sum + sample.requests, 0) >= CONNECTIONS / 3);

  function startChaos() {
    return startBackend(t, (request, response) => chaosOf(random)(request, response));
  }
});

test('an upgrade that was pipelined behind a request is cut off', async (t) => {
  const backend = await startBackend(t, (request, response) => {
    if (request.url !== '/slow') response.end();
  });
  const edge = await startServingEdge(t, [backend.port]);

  const answer = await rawRequest(
    edge.port,
    'GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /up HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n',
  );

  assert.equal(answer.closed, true);
  assert.equal(backend.seen.includes('GET /up'), false);
});

type Chaos = (request: IncomingMessage, response: ServerResponse) => void;

function chaosOf(random: (below: number) => number): Chaos {
  const answers: readonly Chaos[] = [
    (request) => request.socket.destroy(),
    (_request, response) => response.writeHead(500).end('broken'),
    (request, response) => response.write('half', () => request.socket.destroy()),
    (_request, response) => setTimeout(() => response.end('late'), random(100)),
    (request) =>
      request.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabc'),
    (_request, response) => response.end(Buffer.alloc(100_000)),
    (_request, response) => response.end('ok'),
  ];
  const answer = answers[random(answers.length)]!;
  return (request, response) => {
    request.resume();
    answer(request, response);
  };
}

/** A patient client begins with a whole request and is hostile only once an answer comes. */
function hostileConnection(
  port: number,
  random: (below: number) => number,
  { isPatient }: { readonly isPatient: boolean },
): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let left = 1 + random(6);
    const step = () => {
      if (socket.destroyed) return;
      if (left === 0) {
        const end = () => (random(2) === 0 ? socket.destroy() : socket.resetAndDestroy());
        setTimeout(end, random(120));
        return;
      }
      left -= 1;
      socket.write(fragments[random(fragments.length)]!, 'latin1');
      if (random(3) === 0) setTimeout(step, random(10));
      else step();
    };
    socket.on('connect', () => {
      if (!isPatient) {
        step();
        return;
      }
      socket.write(fragments[0]!);
      socket.once('data', step);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.resume();
  });
}

function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}
