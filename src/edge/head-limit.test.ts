import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import {
  candidate,
  scope,
  stable,
  startEdgeUnderTest,
  startServingEdge,
  totalOf,
} from '../../test/support/edge/edge-under-test.ts';
import { rawRequest } from '../../test/support/edge/raw-request.ts';
import { aLease, aPool, aRouting } from '../../test/support/edge/routing-builder.ts';
import { defaultLimits } from '../core/model/request-limits.ts';

test('an answer with a header of 20 KB reaches the client whole', async (t) => {
  const value = 'a'.repeat(20_000);
  const backend = await startAnswering(t, value);
  const edge = await startServingEdge(t, [backend.port]);

  const { text } = await rawRequest(edge.port, request('GET'));

  assert.match(text, /^HTTP\/1\.1 200 OK/);
  assert.ok(text.includes(`x-large: ${value}\r\n`));
  assert.ok(text.endsWith('the answer'));
  assert.equal(await totalOf(edge, stable, 'resets'), 0);
});

test('an answer with a head above the limit is a clean 502 and a failure of its pool', async (t) => {
  const backend = await startAnswering(t, 'a'.repeat(defaultLimits.answerHeadBytesMax));
  const edge = await startServingEdge(t, [backend.port]);

  const { text } = await rawRequest(edge.port, request('POST'));

  assert.match(text, /^HTTP\/1\.1 502 /);
  assert.ok(text.endsWith('\r\n\r\nThe service answered with a head that is too large.\n'));
  assert.equal(text.match(/HTTP\/1\.1/g)?.length, 1);
  assert.equal(await totalOf(edge, stable, 'requests'), 1);
  assert.equal(await totalOf(edge, stable, 'resets'), 1);
  assert.equal(await totalOf(edge, stable, 'clientErrors'), 1);
  assert.equal((await edge.observe()).inFlight[stable], 0);
});

test('a candidate whose head is above the limit is rescued and counted', async (t) => {
  const large = await startAnswering(t, 'a'.repeat(defaultLimits.answerHeadBytesMax));
  const old = await startBackend(t);
  const edge = await startEdgeUnderTest(t);
  const pools = [aPool(stable, 0, [old.port]), aPool(candidate, 100, [large.port])];
  await edge.apply(aRouting({ scope, port: edge.port, pools, lease: aLease(candidate) }), {
    deployment: 2,
    sequence: 1,
  });

  const { text } = await rawRequest(edge.port, request('GET'));

  assert.match(text, /^HTTP\/1\.1 200 OK/);
  assert.equal(await totalOf(edge, candidate, 'resets'), 1);
  assert.equal(await totalOf(edge, candidate, 'rescued'), 1);
});

function startAnswering(t: TestContext, value: string) {
  return startBackend(t, (_request, response) => {
    response.setHeader('x-large', value);
    response.end('the answer');
  });
}

function request(method: 'GET' | 'POST'): string {
  return `${method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
}
