import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import test, { type TestContext } from 'node:test';
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
import { until } from '../../test/support/until.ts';
import { countOf, partAbove } from '../core/model/histogram.ts';
import { HEDGE_SAMPLES_MIN } from '../core/routing/hedge-deadline.ts';

const LATE_MS = 400;

interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** The stable pool has answered `GET /page` often; from now on the test answers for both. */
async function startHedged(t: TestContext, hedgePercent: number | undefined) {
  const clock = createShiftedClock();
  const edge = await startEdgeUnderTest(t, { clock });
  const asked: Record<'old' | 'next', Asked[]> = { old: [], next: [] };
  let isLearning = true;
  const old = await startBackend(t, (request, response) => {
    if (isLearning) response.end('old');
    else asked.old.push({ request, response });
  });
  const next = await startBackend(t, (request, response) => asked.next.push({ request, response }));
  const split = (percent: number, sequence: number) =>
    edge.apply(
      aRouting({
        scope,
        port: edge.port,
        pools: [aPool(stable, 100 - percent, [old.port]), aPool(candidate, percent, [next.port])],
        lease: aLease(candidate, { ...(hedgePercent !== undefined && { hedgePercent }) }),
        requestTimeoutMs: 60_000,
      }),
      { deployment: 2, sequence },
    );
  await split(0, 1);
  for (let answer = 0; answer < HEDGE_SAMPLES_MIN; answer += 1) {
    await (await fetch(`${edge.url}/page`)).text();
  }
  isLearning = false;
  await split(100, 2);
  const takenOver = () => totalOf(edge, candidate, 'rescued');
  /** The candidate has the request, and it is late. */
  const askLate = async (path: string, options: RequestInit = {}) => {
    const before = asked.next.length;
    const answer = fetch(edge.url + path, options).then((one) => one.text());
    await until('the candidate has the request', () => asked.next.length > before);
    clock.advance(LATE_MS);
    return answer;
  };
  const hedged = () => until('the stable pool has it, too', () => asked.old.length === 1);
  return { edge, asked, clock, takenOver, askLate, hedged };
}

test('a late request is answered by the stable pool, and the late answer counts all the same', async (t) => {
  const { edge, asked, askLate, hedged, takenOver } = await startHedged(t, 100);

  const answer = askLate('/page');
  await hedged();
  asked.old[0]?.response.end('old');
  const text = await answer;
  const before = await totalOf(edge, candidate, 'requests');
  asked.next[0]?.response.end('next');
  await until('it counts', async () => (await totalOf(edge, candidate, 'requests')) === 1);

  const [sample] = (await edge.samples()).filter(({ latency, pool }) => {
    return pool === candidate && latency.length > 0;
  });
  assert.deepEqual([text, before], ['old', 0]);
  assert.equal(countOf(partAbove(sample?.latency ?? [], LATE_MS * 1_000)), 1);
  assert.deepEqual((await edge.report()).hedges, { sent: 1, won: 1, withheld: 0 });
  assert.equal(await takenOver(), 1);
  assert.equal(await totalOf(edge, stable, 'requests'), HEDGE_SAMPLES_MIN);
  assert.equal((await edge.observe()).inFlight[candidate], 0);
});

test('the candidate wins when it answers first, and the stable pool is let go', async (t) => {
  const { edge, asked, askLate, hedged, takenOver } = await startHedged(t, 100);

  const answer = askLate('/page');
  await hedged();
  const left = new Promise((resolve) => asked.old[0]?.response.once('close', resolve));
  asked.next[0]?.response.end('next');

  assert.equal(await answer, 'next');
  await left;
  assert.equal(await totalOf(edge, stable, 'requests'), HEDGE_SAMPLES_MIN);
  assert.equal(await takenOver(), 0);
  assert.deepEqual((await edge.report()).hedges, { sent: 1, won: 0, withheld: 0 });
});

for (const [how, fail] of Object.entries({
  'breaks off': ({ request }: Asked) => request.socket.destroy(),
  'answers with 500': ({ response }: Asked) => response.writeHead(500).end(),
})) {
  test(`when the candidate ${how} the stable pool is already at it`, async (t) => {
    const { edge, asked, askLate, hedged, takenOver } = await startHedged(t, 100);

    const answer = askLate('/page');
    await hedged();
    asked.next.forEach(fail);
    await until('it failed', async () => (await totalOf(edge, candidate, 'requests')) === 1);
    asked.old[0]?.response.end('old');

    assert.equal(await answer, 'old');
    assert.deepEqual([asked.old.length, await takenOver()], [1, 1]);
    assert.equal(await totalOf(edge, candidate, 'clientErrors'), 0);
  });

  test(`when the stable pool ${how} the candidate is still waited for`, async (t) => {
    const { edge, asked, askLate, hedged } = await startHedged(t, 100);

    const answer = askLate('/page');
    await hedged();
    asked.old.forEach(fail);
    await until('it failed', async () => (await edge.observe()).inFlight[stable] === 0);
    asked.next[0]?.response.end('next');

    assert.equal(await answer, 'next');
    assert.equal(await totalOf(edge, stable, 'clientErrors'), 0);
    assert.equal(await totalOf(edge, stable, 'requests'), HEDGE_SAMPLES_MIN);
    assert.equal(await totalOf(edge, stable, 'failedCallers'), 0);
  });
}

test('a client that leaves ends both', async (t) => {
  const { edge, asked, askLate, hedged } = await startHedged(t, 100);
  const leaving = new AbortController();

  const answer = askLate('/page', { signal: leaving.signal });
  await hedged();
  const left = [asked.old[0], asked.next[0]].map(
    (one) => new Promise((resolve) => one?.response.once('close', resolve)),
  );
  leaving.abort();

  await assert.rejects(answer);
  await Promise.all(left);
  const { inFlight } = await edge.observe();
  assert.deepEqual([inFlight[stable], inFlight[candidate]], [0, 0]);
  assert.equal(await totalOf(edge, candidate, 'abandoned'), 1);
});

for (const [what, method, path] of [
  ['a request that changes something', 'POST', '/page'],
  ['a route that is not known yet', 'GET', '/another'],
] as const) {
  test(`${what} is not hedged`, async (t) => {
    const { edge, asked, askLate, hedged } = await startHedged(t, 100);

    const answers = [askLate(path, { method })];
    await until('the candidate has it', () => asked.next.length === 1);
    // That this one is hedged shows that the other one was looked at as well.
    answers.push(askLate('/page'));
    await hedged();
    for (const { response } of asked.next) response.end('next');

    assert.deepEqual(await Promise.all(answers), ['next', 'next']);
    assert.equal(asked.old.length, 1);
    assert.deepEqual((await edge.report()).hedges, { sent: 1, won: 0, withheld: 0 });
  });
}

test('no more than the share is hedged, and what was left alone is told', async (t) => {
  const { edge, asked, askLate } = await startHedged(t, 50);

  const answer = askLate('/page');
  await until('it is left alone', async () => (await edge.report()).hedges?.withheld === 1);
  asked.next[0]?.response.end('next');

  assert.equal(await answer, 'next');
  assert.equal(asked.old.length, 0);
});

test('nothing is hedged unless it is asked for', async (t) => {
  const { edge } = await startHedged(t, undefined);

  assert.equal((await edge.report()).hedges, undefined);
});
