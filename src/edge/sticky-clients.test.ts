import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import {
  candidate,
  scope,
  stable,
  startEdgeUnderTest,
  totalOf,
} from '../../test/support/edge/edge-under-test.ts';
import { aLease, aPool, aRouting, noTrips } from '../../test/support/edge/routing-builder.ts';
import type { Lease } from '../core/model/routing.ts';

const BY_COOKIE: Partial<Lease> = { assignment: { by: 'cookie', name: 'ground' } };

test('a client without a cookie gets one, and stays with its release by it', async (t) => {
  const { ask } = await sharedTraffic(t);

  const first = await ask();
  const pair = cookieOf(first);
  const pools = [];
  for (let sent = 0; sent < 10; sent += 1) pools.push(await (await ask({ cookie: pair })).text());

  assert.match(
    first.headers.get('set-cookie') ?? '',
    /^ground=[0-9a-f-]{36}; Path=\/; HttpOnly; SameSite=Lax$/,
  );
  assert.deepEqual(new Set(pools), new Set([await first.text()]));
});

test('a client that has the cookie gets no other, beside cookies of the service', async (t) => {
  const { ask } = await sharedTraffic(t);

  const answer = await ask({ cookie: 'other=ground; ground=mine; last=1' });

  assert.equal(answer.headers.get('set-cookie'), null);
});

test('the cookies that are given out have their share of the traffic', async (t) => {
  const { ask } = await sharedTraffic(t);
  let atCandidate = 0;

  for (let sent = 0; sent < 200; sent += 1) {
    if ((await (await ask()).text()) === 'next') atCandidate += 1;
  }

  // Half of them; seven standard deviations, as the values are random.
  assert.ok(atCandidate > 50 && atCandidate < 150, `${atCandidate} of 200`);
});

test('no answer that a cache may hand to others carries a cookie', async (t) => {
  const { ask } = await sharedTraffic(t);
  const given = async (control: string, more: Record<string, string> = {}) => {
    const { headers } = await ask({ 'x-control': control, ...more });
    return [headers.get('set-cookie') !== null, headers.get('cache-control')];
  };

  assert.deepEqual(await given('public, max-age=60'), [false, 'public, max-age=60']);
  assert.deepEqual(await given('max-age=60'), [false, 'max-age=60']);
  assert.deepEqual(await given('s-maxage=0'), [false, 's-maxage=0']);
  assert.deepEqual(await given('', { 'x-expires': 'Thu, 01 Jan 2099 00:00:00 GMT' }), [
    false,
    null,
  ]);
  assert.deepEqual(await given('', { 'x-status': '304' }), [false, null]);
  assert.deepEqual(await given(''), [true, 'private']);
  assert.deepEqual(await given('no-cache'), [true, 'no-cache, private']);
  assert.deepEqual(await given('private, max-age=60'), [true, 'private, max-age=60']);
  assert.deepEqual(await given('no-store'), [true, 'no-store']);
});

test('a cookie of this name that the service sets itself is left alone', async (t) => {
  const { ask } = await sharedTraffic(t);

  const answer = await ask({ 'x-cookie': 'ground=theirs' });

  assert.deepEqual(answer.headers.getSetCookie(), ['ground=theirs']);
});

test('behind TLS the cookie is for TLS alone', async (t) => {
  const { ask } = await sharedTraffic(t);

  const answer = await ask({ 'x-forwarded-proto': 'https' });

  assert.match(answer.headers.get('set-cookie') ?? '', /; Secure$/);
});

test('by a header no cookie is set', async (t) => {
  const { ask } = await sharedTraffic(t, { assignment: { by: 'header', name: 'X-User' } });

  assert.equal((await ask({ 'x-user': 'ada' })).headers.get('set-cookie'), null);
  assert.equal((await ask()).headers.get('set-cookie'), null);
});

test('failures are counted by what names the client: the header, or the cookie before the trace', async (t) => {
  const broken = async (lease: Partial<Lease>, requests: readonly Record<string, string>[]) => {
    const { edge, ask } = await sharedTraffic(t, lease);
    for (const headers of requests) await ask({ ...headers, 'x-status': '404' });
    for (const headers of requests) await ask({ ...headers, 'x-status': '500' });
    return (
      (await totalOf(edge, candidate, 'failedCallers')) +
      (await totalOf(edge, stable, 'failedCallers'))
    );
  };
  const traces = ['a', 'b', 'c', 'd'].map((id) => `00-${id.repeat(32)}-00f067aa0ba902b7-01`);
  const requests = traces.map((traceparent, index) => ({
    traceparent,
    cookie: `ground=${index % 2}`,
    'x-user': 'ada',
  }));

  assert.equal(await broken({}, requests), 4);
  assert.equal(await broken(BY_COOKIE, requests), 2);
  assert.equal(await broken({ ...BY_COOKIE, callerHeader: 'X-User' }, requests), 1);
});

/** Two pools with half of the traffic each, that answer with their name and as they are asked to. */
async function sharedTraffic(t: TestContext, lease: Partial<Lease> = BY_COOKIE) {
  const start = (name: string) =>
    startBackend(t, ({ headers }, response) => {
      const pass = (from: string, to: string) => {
        const value = headers[from];
        if (typeof value === 'string' && value !== '') response.setHeader(to, value);
      };
      pass('x-control', 'cache-control');
      pass('x-expires', 'expires');
      pass('x-cookie', 'set-cookie');
      response.statusCode = Number(headers['x-status'] ?? 200);
      response.end(name);
    });
  const [old, next] = [await start('old'), await start('next')];
  const edge = await startEdgeUnderTest(t);
  const pools = [aPool(stable, 50, [old.port]), aPool(candidate, 50, [next.port])];
  await edge.apply(
    aRouting({
      scope,
      port: edge.port,
      pools,
      lease: aLease(candidate, { trip: noTrips, ...lease }),
    }),
    { deployment: 1, sequence: 1 },
  );
  return { edge, ask: (headers: Record<string, string> = {}) => fetch(edge.url, { headers }) };
}

function cookieOf(answer: Response): string {
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}
