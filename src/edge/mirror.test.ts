import assert from 'node:assert/strict';
import type { IncomingMessage, RequestListener } from 'node:http';
import test, { type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { assertShare } from '../drivers/contract-suites/assert-share.ts';
import { someMirrorRules } from '../../test/support/core/some-mirror-rules.ts';
import { startBackend, type Backend } from '../../test/support/edge/backend.ts';
import {
  candidate,
  scope,
  stable,
  startEdgeUnderTest,
  totalOf,
  type EdgeUnderTest,
} from '../../test/support/edge/edge-under-test.ts';
import { aLease, aPool, aRouting } from '../../test/support/edge/routing-builder.ts';
import { createShiftedClock } from '../../test/support/edge/shifted-clock.ts';
import { until } from '../../test/support/until.ts';
import type { MirrorReport } from '../core/mirror/mirror-report.ts';
import type { MirrorRules } from '../core/mirror/mirror-rules.ts';
import { FAILURES_IN_ROW } from '../core/routing/instance-health.ts';

test('a copy goes to the candidate and to another stable instance, and no client sees one', async (t) => {
  const { edge, stables, candidates } = await mirroring(t);

  const answers = await get(edge, 10, '/articles/17?page=2');

  const report = await compared(edge, 10);
  assert.deepEqual(answers, repeat(10, 'stable'));
  assert.deepEqual(candidates.seen, repeat(10, 'GET /articles/17?page=2'));
  assert.equal(stables[0].seen.length + stables[1].seen.length, 20);
  assert.deepEqual([stables[0].seen.length, stables[1].seen.length], [10, 10]);
  assert.deepEqual([report.suspected, report.dropped, report.unanswered.candidate], [0, 0, 0]);
  assert.equal(await totalOf(edge, candidate, 'requests'), 0);
  assert.equal(await totalOf(edge, stable, 'requests'), 10);
  assert.deepEqual((await edge.observe()).weights, { [stable]: 100, [candidate]: 0 });
});

test('what the candidate alone does otherwise is found, counted and trips nothing', async (t) => {
  const { edge } = await mirroring(t, {
    stable: (_request, response) => json(response, { at: process.hrtime().join('.'), words: 7 }),
    candidate: (request, response) => {
      response.statusCode = request.url === '/broken' ? 500 : 200;
      json(response, { at: process.hrtime().join('.'), words: '7' });
    },
    trip: 2,
  });

  await get(edge, 5, '/broken');
  await get(edge, 5, '/wrong');

  const report = await compared(edge, 10);
  assert.deepEqual([report.suspected, report.noisy], [10, 10]);
  assert.deepEqual(
    report.places.map(({ route, place, told, candidateOnly, example }) => [
      [route, place, told, candidateOnly, example],
    ]),
    [
      [['GET /broken', 'status', '500 for 200', 5, '/broken']],
      [['GET /wrong', '/words', 'string for number', 5, '/wrong']],
    ],
  );
  assert.equal((await edge.observe()).fallback, null);
  assert.equal(await totalOf(edge, stable, 'clientErrors'), 0);
});

test('what the stable pool answers in place of the candidate is not copied to it again', async (t) => {
  const { edge, stables, candidates, routing } = await mirroring(t, {
    candidate: (_request, response) => response.writeHead(500).end(),
    instances: 1,
  });
  const pools = routing.pools.map((each) => ({ ...each, weight: 100 - each.weight }));
  await edge.apply({ ...routing, pools }, { deployment: 2, sequence: 2 });

  assert.deepEqual(await get(edge, 4), repeat(4, 'stable'));

  assert.deepEqual([stables[0].seen.length, candidates.seen.length], [4, 4]);
});

test('only safe requests are copied, marked as such, and not those that are to be left out', async (t) => {
  const marks: (string | undefined)[] = [];
  const noteMark = (request: IncomingMessage) =>
    marks.push(request.headers['surefoot-mirror'] as string | undefined);
  const { edge, candidates } = await mirroring(t, {
    stable: (request, response) => {
      noteMark(request);
      response.end('stable');
    },
    candidate: (request, response) => {
      noteMark(request);
      response.end('stable');
    },
    rules: { skip: ['/reports/*'] },
    instances: 1,
  });
  const send = (path: string, method: string) =>
    fetch(`${edge.url}${path}`, { method, headers: { 'surefoot-mirror': '1' } });

  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) await send('/articles', method);
  await send('/reports/slow', 'GET');
  await send('/articles', 'HEAD');
  await send('/articles', 'GET');

  await compared(edge, 2);
  assert.deepEqual(candidates.seen, ['HEAD /articles', 'GET /articles']);
  assert.equal(marks.filter((mark) => mark === undefined).length, 7);
  assert.equal(marks.filter((mark) => mark === '1').length, 4);
});

test('what a client asks for only if it has changed is not copied: it knows the stable release alone', async (t) => {
  const page = (version: string): RequestListener => {
    const etag = `"${version}"`;
    return (request, response) => {
      const isKnown = request.headers['if-none-match'] === etag;
      response.writeHead(isKnown ? 304 : 200, { etag }).end(isKnown ? '' : 'the page');
    };
  };
  const { edge, candidates } = await mirroring(t, { stable: page('1'), candidate: page('2') });
  const conditions = {
    'If-None-Match': '"1"',
    'If-Match': '"1"',
    'If-Modified-Since': 'Sat, 28 Nov 2026 00:00:00 GMT',
    'If-Unmodified-Since': 'Sat, 28 Nov 2026 00:00:00 GMT',
    'If-Range': '"1"',
  };

  for (const [name, value] of Object.entries(conditions)) {
    await (await fetch(`${edge.url}/page`, { headers: { [name]: value } })).text();
  }
  await (await fetch(`${edge.url}/page`)).text();

  const report = await compared(edge, 1);
  assert.deepEqual(candidates.seen, ['GET /page']);
  assert.equal(report.suspected, 0);
});

test('a candidate that hangs holds up no client; what is too much is dropped, and late is an answer', async (t) => {
  const clock = createShiftedClock();
  const { edge, candidates } = await mirroring(t, {
    candidate: () => undefined,
    rules: { inFlightMax: 3 },
    clock,
  });

  const answers = await get(edge, 8);

  assert.deepEqual(answers, repeat(8, 'stable'));
  await until('three copies wait', async () => candidates.seen.length === 3);
  assert.equal((await mirrorOf(edge))?.dropped, 5);
  // Twice: a tick that comes late says that the process stood still.
  await until('the copies are given up', async () => {
    clock.advance(400);
    return (await mirrorOf(edge))?.compared === 3;
  });
  const report = await mirrorOf(edge);
  assert.deepEqual(report?.unanswered, { stable: 0, candidate: 3 });
  assert.deepEqual(
    report.places.map(({ place, told }) => [place, told]),
    [['status', 'no answer (late) for 200']],
  );
});

test('a candidate that is gone is an answer as well', async (t) => {
  const { edge, candidates } = await mirroring(t);
  await candidates.close();

  assert.deepEqual(await get(edge, 4), repeat(4, 'stable'));

  const report = await compared(edge, 4);
  assert.equal(report.places[0]?.told, 'no answer (refused) for 200');
});

test('the share is drawn, and no more than the rate is copied', async (t) => {
  const { edge, candidates } = await mirroring(t, { rules: { percent: 25 } });
  await get(edge, 80);
  await until('a copy is compared', async () => (await mirrorOf(edge))?.compared !== 0);
  assertShare(candidates.seen.length, 80, 25);

  const slow = await mirroring(t, { rules: { perSecondMax: 1 } });
  await get(slow.edge, 20);
  const { taken, dropped } = await takenBy(slow.edge);
  assert.equal(taken + dropped, 20);
  assert.ok(dropped > 0);
});

test('with the lease ends the mirror, and what is still under way tells nothing', async (t) => {
  const clock = createShiftedClock();
  const { edge, candidates } = await mirroring(t, { clock });
  await get(edge, 3);
  await compared(edge, 3);

  clock.advance(60_001);
  await get(edge, 3);

  assert.equal(await mirrorOf(edge), undefined);
  assert.equal(candidates.seen.length, 3);
  assert.equal((await edge.observe()).fallback?.cause, 'lease-lapsed');
});

test('another routing ends the mirror, and a restarted worker takes it up with counts of its own', async (t) => {
  const { edge, routing } = await mirroring(t);
  await get(edge, 3);
  const { epoch } = await compared(edge, 3);

  await edge.restart();
  assert.equal((await mirrorOf(edge))?.compared, 0);
  assert.notEqual((await mirrorOf(edge))?.epoch, epoch);
  await get(edge, 2);
  await compared(edge, 2);

  await edge.apply({ ...routing, lease: null }, { deployment: 2, sequence: 2 });
  assert.equal(await mirrorOf(edge), undefined);
});

test('bodies that are compressed in different ways are compared as what they say', async (t) => {
  const text = JSON.stringify({ title: 'News', words: 7 });
  const { edge } = await mirroring(t, {
    stable: (_request, response) => {
      const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
      response.writeHead(200, headers);
      response.end(gzipSync(text, { level: 9 }));
    },
    candidate: (request, response) => {
      const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
      response.writeHead(200, headers);
      const other = request.url === '/wrong' ? text.replace('7', 'null') : text;
      response.end(gzipSync(` ${other}`, { level: 0 }));
    },
  });

  await get(edge, 3);
  assert.equal((await compared(edge, 3)).suspected, 0);
  await get(edge, 1, '/wrong');
  assert.equal((await compared(edge, 4)).places[0]?.told, 'null for number');
});

test('it is chance which copy goes first, so that time itself speaks for neither', async (t) => {
  let asked = 0;
  // The last of each three answers is of another time than the others.
  const tell: RequestListener = (_request, response) =>
    json(response, { at: (asked += 1) % 3 === 0 ? asked : asked - (asked % 3) });
  const { edge } = await mirroring(t, { stable: tell, candidate: tell, instances: 1 });

  let report: MirrorReport | undefined;
  for (let sent = 1; sent <= 60; sent += 1) {
    await get(edge, 1);
    report = await compared(edge, sent);
  }

  const [place] = report?.places ?? [];
  assert.ok(place && place.candidateOnly > 10 && place.stableOnly > 10, JSON.stringify(place));
});

test("the trial of an ejected instance is a client's: a copy does not use it up", async (t) => {
  const clock = createShiftedClock();
  const slow = Promise.withResolvers<undefined>();
  let failingPort = 0;
  const { edge, stables } = await mirroring(t, {
    clock,
    stable: (request, response) => {
      if (request.url === '/slow') void slow.promise.then(() => response.end('stable'));
      else response.writeHead(request.socket.localPort === failingPort ? 500 : 200).end();
    },
  });
  failingPort = stables[0].port;
  const ejected = async () => (await edge.observe()).ejected;
  for (let sent = 0; sent < 2 * FAILURES_IN_ROW; sent += 1) {
    await (await fetch(edge.url, { method: 'POST' })).arrayBuffer();
  }
  assert.deepEqual(await ejected(), { [stable]: [`${stable}.0`] });
  failingPort = 0;

  const answer = fetch(`${edge.url}/slow`);
  await until('it is asked', async () => stables[1].seen.includes('GET /slow'));
  clock.advance(1_001);
  slow.resolve(undefined);
  await (await answer).arrayBuffer();
  await compared(edge, 1);
  await get(edge, 1);

  assert.deepEqual(await ejected(), {});
});

interface Wish {
  readonly stable?: RequestListener;
  readonly candidate?: RequestListener;
  readonly rules?: Partial<MirrorRules>;
  readonly instances?: 1 | 2;
  readonly trip?: number;
  readonly clock?: ReturnType<typeof createShiftedClock>;
}

/** An edge that serves the stable pool and mirrors to a candidate without weight. */
async function mirroring(t: TestContext, wish: Wish = {}) {
  const edge = await startEdgeUnderTest(t, wish.clock ? { clock: wish.clock } : {});
  const same: RequestListener = (_request, response) => response.end('stable');
  const stables = [
    await startBackend(t, wish.stable ?? same),
    await startBackend(t, wish.stable ?? same),
  ] as const satisfies readonly Backend[];
  const candidates = await startBackend(t, wish.candidate ?? same);
  const limit = wish.trip ?? 1_000;
  const trip = { connectErrors: limit, serverErrors: limit, timeouts: limit };
  const ports = stables.slice(0, wish.instances ?? 2).map(({ port }) => port);
  const routing = aRouting({
    scope,
    port: edge.port,
    pools: [aPool(stable, 100, ports), aPool(candidate, 0, [candidates.port])],
    lease: aLease(candidate, { trip, mirror: someMirrorRules(wish.rules) }),
    requestTimeoutMs: 2_000,
  });
  await edge.apply(routing, { deployment: 2, sequence: 1 });
  return { edge, stables, candidates, routing };
}

async function get(edge: EdgeUnderTest, count: number, path = '/'): Promise<readonly string[]> {
  const answers: string[] = [];
  for (let sent = 0; sent < count; sent += 1) {
    answers.push(await (await fetch(`${edge.url}${path}`)).text());
  }
  return answers;
}

async function mirrorOf(edge: EdgeUnderTest): Promise<MirrorReport | undefined> {
  return (await edge.report()).mirror;
}

async function compared(edge: EdgeUnderTest, count: number): Promise<MirrorReport> {
  let report: MirrorReport | undefined;
  await until(`${count} requests are compared`, async () => {
    report = await mirrorOf(edge);
    return report?.compared === count;
  });
  assert.ok(report);
  return report;
}

/** Once nothing is under way any more. */
async function takenBy(edge: EdgeUnderTest): Promise<{ taken: number; dropped: number }> {
  let sum = -1;
  let report: MirrorReport | undefined;
  await until('all are compared or dropped', async () => {
    report = await mirrorOf(edge);
    sum = (report?.compared ?? 0) + (report?.dropped ?? 0);
    return sum === 20;
  });
  return { taken: report?.compared ?? 0, dropped: report?.dropped ?? 0 };
}

function json(response: Parameters<RequestListener>[1], value: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
}

function repeat<Value>(count: number, value: Value): readonly Value[] {
  return Array.from({ length: count }, () => value);
}
