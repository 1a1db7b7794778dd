import assert from 'node:assert/strict';
import { Agent, get } from 'node:http';
import { test, type TestContext } from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import {
  candidate,
  scope,
  stable,
  startEdgeUnderTest,
  startServingEdge,
  totalOf,
} from '../../test/support/edge/edge-under-test.ts';
import { aLease, aPool, aRouting, noTrips } from '../../test/support/edge/routing-builder.ts';

async function failingService(t: TestContext) {
  const backend = await startBackend(t, (_request, response) => {
    response.writeHead(500).end('broken');
  });
  const edge = await startServingEdge(t, [backend.port]);
  return { edge, callers: () => totalOf(edge, stable, 'failedCallers') };
}

test('attempts of one trace are one caller, whatever connections they come on', async (t) => {
  const { edge, callers } = await failingService(t);
  const traced = (id: string) =>
    fetch(edge.url, {
      headers: { traceparent: `00-${id.repeat(32)}-00f067aa0ba902b7-01`, connection: 'close' },
    });

  await Promise.all(['a', 'a', 'b'].map(traced));

  assert.equal(await callers(), 2);
  assert.equal(await totalOf(edge, stable, 'serverErrors'), 3);
});

test('who fails at the candidate and again where it is rescued is one caller, of the candidate', async (t) => {
  const backend = await startBackend(t, (_request, response) => {
    response.writeHead(500).end('broken');
  });
  const edge = await startEdgeUnderTest(t);
  const pools = [aPool(stable, 0, [backend.port]), aPool(candidate, 100, [backend.port])];
  const lease = aLease(candidate, { trip: noTrips });
  await edge.apply(aRouting({ scope, port: edge.port, pools, lease }), {
    deployment: 2,
    sequence: 1,
  });

  assert.equal((await fetch(edge.url)).status, 500);

  assert.equal(await totalOf(edge, candidate, 'failedCallers'), 1);
  assert.equal(await totalOf(edge, stable, 'failedCallers'), 0);
  assert.equal(await totalOf(edge, stable, 'clientErrors'), 1);
});

test('the first instance of a pool is counted apart, so that clumps can be measured', async (t) => {
  const failing = await startBackend(t, (_request, response) => {
    response.writeHead(500).end('broken');
  });
  const fine = await startBackend(t, (_request, response) => {
    response.end('fine');
  });
  const edge = await startServingEdge(t, [failing.port, fine.port]);
  // Fewer than it takes to eject the one that fails.
  for (let request = 0; request < 8; request += 1) {
    await fetch(edge.url, { headers: { connection: 'close' } });
  }
  const samples = await edge.samples();
  const sum = (of: (sample: (typeof samples)[number]) => number): number =>
    samples.reduce((total, sample) => total + of(sample), 0);

  assert.equal(
    sum(({ requests }) => requests),
    8,
  );
  const ofFirst = sum(({ slice }) => slice.requests);
  assert.ok(ofFirst > 0 && ofFirst < 8);
  assert.equal(
    sum(({ slice }) => slice.failedCallers),
    ofFirst,
  );
  assert.equal(
    sum(({ failedCallers }) => failedCallers),
    ofFirst,
  );
});

test('without a trace a connection is a caller, also with one that cannot be read', async (t) => {
  const { edge, callers } = await failingService(t);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const ask = (headers = {}) =>
    new Promise((resolve, reject) => {
      const asked = get(edge.url, { agent, headers }, (response) =>
        response.resume().once('end', resolve),
      );
      asked.once('error', reject);
    });

  await ask();
  await ask();
  await ask({ traceparent: 'nonsense' });
  assert.equal(await callers(), 1);

  await fetch(edge.url, { headers: { connection: 'close' } });
  assert.equal(await callers(), 2);
});
