import assert from 'node:assert/strict';
import test from 'node:test';
import { assertShare } from '../drivers/contract-suites/assert-share.ts';
import { startBackend } from '../../test/support/edge/backend.ts';
import {
  candidate,
  scope,
  stable,
  startEdgeUnderTest,
} from '../../test/support/edge/edge-under-test.ts';
import { aLease, aPool, aRouting } from '../../test/support/edge/routing-builder.ts';

test('a request passes to the stable pool and its answer comes back', async (t) => {
  const edge = await startEdgeUnderTest(t);
  const backend = await startBackend(t, (request, response) => {
    response.setHeader('x-seen', JSON.stringify(request.headers));
    response.end('hello');
  });
  const routing = aRouting({ scope, port: edge.port, pools: [aPool(stable, 100, [backend.port])] });
  await edge.apply(routing, { deployment: 1, sequence: 1 });

  const answer = await fetch(`${edge.url}/path?q=1`, { headers: { traceparent: '00-a-b-01' } });

  assert.equal(await answer.text(), 'hello');
  const seen = JSON.parse(answer.headers.get('x-seen') ?? '') as Record<string, string>;
  assert.equal(seen['x-forwarded-for'], '127.0.0.1');
  assert.equal(seen['x-forwarded-proto'], 'http');
  assert.equal(seen['x-forwarded-host'], `127.0.0.1:${edge.port}`);
  assert.equal(seen['via'], '1.1 surefoot');
  assert.equal(seen['host'], `127.0.0.1:${edge.port}`);
  assert.equal(seen['traceparent'], '00-a-b-01');
  assert.deepEqual(backend.seen, ['GET /path?q=1']);
});

test('requests are drawn by the weights, and each is counted where it went', async (t) => {
  const edge = await startEdgeUnderTest(t);
  const old = await startBackend(t);
  const next = await startBackend(t);
  const pools = [aPool(stable, 83, [old.port]), aPool(candidate, 17, [next.port])];
  await edge.apply(aRouting({ scope, port: edge.port, pools, lease: aLease(candidate) }), {
    deployment: 2,
    sequence: 1,
  });

  for (let index = 0; index < 100; index += 1) await (await fetch(edge.url)).text();

  assert.equal(old.seen.length + next.seen.length, 100);
  assertShare(next.seen.length, 100, 17);
  const samples = await edge.samples();
  const of = (pool: string) =>
    samples.filter((sample) => sample.pool === pool).reduce((sum, one) => sum + one.requests, 0);
  assert.deepEqual([of(stable), of(candidate)], [old.seen.length, next.seen.length]);
});
