import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import {
  candidate,
  scope,
  stable,
  startEdgeUnderTest,
  type EdgeUnderTest,
} from '../../test/support/edge/edge-under-test.ts';
import { aLease, aPool, aRouting } from '../../test/support/edge/routing-builder.ts';
import { createShiftedClock } from '../../test/support/edge/shifted-clock.ts';
import { until } from '../../test/support/until.ts';
import { freePort } from '../../tools/stand/free-port.ts';
import { scopeOf } from '../core/model/ids.ts';
import type { Routing } from '../core/model/routing.ts';

test('a restarted worker has the routing, the token and the lease of before', async (t) => {
  const edge = await startEdgeUnderTest(t);
  await edge.apply(half(edge), { deployment: 2, sequence: 3 });
  const before = await edge.observe();

  await edge.restart();

  const after = await edge.observe();
  assert.deepEqual(after.routing, before.routing);
  assert.deepEqual(after.token, before.token);
  assert.deepEqual(after.weights, before.weights);
  assert.equal(after.inForceSinceNs, before.inForceSinceNs);
  assert.ok((after.leaseRemainingMs ?? 0) <= (before.leaseRemainingMs ?? 0));
  await refused('token-fenced', edge.apply(half(edge), { deployment: 2, sequence: 2 }));
});

test('a renewed lease is renewed on disk too', async (t) => {
  const clock = createShiftedClock();
  const edge = await startEdgeUnderTest(t, { clock });
  await edge.apply(half(edge, 10_000), { deployment: 2, sequence: 1 });
  clock.advance(9_000);
  await edge.renew({ deployment: 2, sequence: 1 });

  await edge.restart();
  clock.advance(5_000);

  assert.equal((await edge.observe()).fallback, null);
});

test('a lease that ended while the worker was away stays ended', async (t) => {
  const clock = createShiftedClock();
  const edge = await startEdgeUnderTest(t, { clock });
  await edge.apply(half(edge, 10_000), { deployment: 2, sequence: 1 });

  clock.advance(11_000);
  await edge.restart();

  assert.equal((await edge.observe()).fallback?.cause, 'lease-lapsed');
  await edge.restart();
  assert.equal((await edge.observe()).fallback?.cause, 'lease-lapsed');
});

test('after a boot of the machine every lease has lapsed', async (t) => {
  const edge = await startEdgeUnderTest(t, { bootId: 'one' });
  await edge.apply(half(edge), { deployment: 2, sequence: 1 });

  await edge.restart({ bootId: 'two' });

  const observed = await edge.observe();
  assert.equal(observed.fallback?.cause, 'lease-lapsed');
  assert.deepEqual(observed.weights, { [stable]: 100, [candidate]: 0 });
});

test('an address that another process has is told for as long as it has it', async (t) => {
  const edge = await startEdgeUnderTest(t);
  await edge.apply(onlyStable(edge), { deployment: 2, sequence: 1 });
  const before = await edge.observe();
  await edge.close();
  const other = createServer().listen(edge.port, '127.0.0.1');
  t.after(() => other.close());
  await once(other, 'listening');

  await edge.restart();
  const meanwhile = await edge.observe();
  other.close();

  await until('it is served again', async () => !(await edge.observe()).isUnserved);
  assert.equal(before.isUnserved, undefined);
  assert.equal(meanwhile.isUnserved, true);
});

test('a lease ends by the tick, without a request and without being asked', async (t) => {
  const clock = createShiftedClock();
  const edge = await startEdgeUnderTest(t, { clock });
  await edge.apply(half(edge, 10_000), { deployment: 2, sequence: 1 });
  clock.advance(10_001);

  await until('the end of the lease is on disk', async () => {
    return (await storedText(edge)).includes('lease-lapsed');
  });
});

test('a revert is in force although the disk refuses, and is written when it can be', async (t) => {
  const edge = await startEdgeUnderTest(t);
  await edge.apply(half(edge), { deployment: 2, sequence: 1 });
  await rm(edge.directory.edge, { recursive: true });

  const reverted = await edge.apply(onlyStable(edge), { deployment: 2, sequence: 2 });

  assert.equal(reverted.weights[stable], 100);
  assert.equal(reverted.weights[candidate] ?? 0, 0);
  await refused('token-fenced', edge.apply(half(edge), { deployment: 2, sequence: 1 }));
  await mkdir(edge.directory.edge);
  await until('the revert is on disk', async () => {
    return (await storedText(edge)).includes('"sequence":2');
  });
  await edge.restart();
  assert.deepEqual((await edge.observe()).token, { deployment: 2, sequence: 2 });
});

test('weight is not added when the disk refuses', async (t) => {
  const edge = await startEdgeUnderTest(t);
  await edge.apply(onlyStable(edge), { deployment: 2, sequence: 1 });
  await rm(edge.directory.edge, { recursive: true });

  await refused('state-directory-unusable', edge.apply(half(edge), { deployment: 2, sequence: 2 }));

  const observed = await edge.observe();
  assert.deepEqual(observed.token, { deployment: 2, sequence: 1 });
  assert.deepEqual(observed.weights, { [stable]: 100 });
  await mkdir(edge.directory.edge);
  assert.equal(
    (await edge.apply(half(edge), { deployment: 2, sequence: 2 })).weights[candidate],
    50,
  );
});

test('the same command many times at once is carried out once', async (t) => {
  const edge = await startEdgeUnderTest(t);

  const answers = await Promise.all(
    Array.from({ length: 8 }, () => edge.apply(half(edge), { deployment: 2, sequence: 1 })),
  );

  assert.equal(new Set(answers.map((answer) => answer.inForceSinceNs)).size, 1);
});

test('of commands that race the newest is in force in the end, in memory and on disk', async (t) => {
  const edge = await startEdgeUnderTest(t);
  const sequences = [5, 2, 8, 1, 7, 3, 6, 4];

  const results = await Promise.allSettled(
    sequences.map((sequence) =>
      edge.apply(sequence % 2 === 0 ? half(edge) : onlyStable(edge), { deployment: 2, sequence }),
    ),
  );

  for (const result of results) {
    if (result.status === 'rejected') {
      assert.equal((result.reason as { failure: { code: string } }).failure.code, 'token-fenced');
    }
  }
  assert.equal((await edge.observe()).token.sequence, 8);
  await edge.restart();
  assert.equal((await edge.observe()).token.sequence, 8);
});

test('another address is served by a newer routing, and the former one no longer', async (t) => {
  const edge = await startEdgeUnderTest(t);
  const backend = await startBackend(t);
  const pools = [aPool(stable, 100, [backend.port])];
  await edge.apply(aRouting({ scope, port: edge.port, pools }), { deployment: 1, sequence: 1 });
  const other = await freePort();

  await edge.apply(aRouting({ scope, port: other, pools }), { deployment: 1, sequence: 2 });

  assert.equal((await fetch(`http://127.0.0.1:${other}/`)).status, 200);
  await assert.rejects(fetch(edge.url));
});

test('an address serves one service only', async (t) => {
  const edge = await startEdgeUnderTest(t);
  await edge.apply(onlyStable(edge), { deployment: 1, sequence: 1 });

  await refused(
    'port-unavailable',
    edge.apply(
      { ...onlyStable(edge), scope: scopeOf('test', 'other') },
      {
        deployment: 1,
        sequence: 1,
      },
    ),
  );

  assert.equal(((await edge.call('GET', '/v1/routings')) as unknown[]).length, 1);
});

test('verbs refuse what they cannot read and name the field', async (t) => {
  const edge = await startEdgeUnderTest(t);
  const wrong: readonly ['GET' | 'POST', string, unknown, RegExp][] = [
    ['POST', '/v1/apply', {}, /routing: .*token: /],
    [
      'POST',
      '/v1/apply',
      { routing: half(edge), token: { deployment: -1, sequence: 0 } },
      /token\.deployment/,
    ],
    [
      'POST',
      '/v1/apply',
      { routing: half(edge), token: { deployment: 1, sequence: 1 }, x: 1 },
      /x/,
    ],
    ['POST', '/v1/apply', null, /body/],
    ['POST', '/v1/renew', { scope, token: '1.1' }, /token/],
    ['GET', '/v1/routing', undefined, /scope/],
    ['GET', `/v1/samples?scope=a/b&fromSecond=x`, undefined, /fromSecond/],
    ['GET', `/v1/samples?scope=a/b&fromSecond=-1`, undefined, /fromSecond/],
  ];

  for (const [method, path, body, field] of wrong) {
    await assert.rejects(
      edge.call(method, path, body),
      (error: { failure: { code: string; message: string } }) => {
        assert.equal(error.failure.code, 'request-invalid', path);
        assert.match(error.failure.message, field, path);
        return true;
      },
    );
  }
});

test('a damaged file is set aside and logged, and the other services are served', async (t) => {
  const edge = await startEdgeUnderTest(t);
  const backend = await startBackend(t);
  const pools = [aPool(stable, 100, [backend.port])];
  const other = scopeOf('test', 'other');
  const otherPort = await freePort();
  await edge.apply(aRouting({ scope, port: edge.port, pools }), { deployment: 1, sequence: 1 });
  const [name = ''] = await readdir(edge.directory.edge);
  await edge.apply(aRouting({ scope: other, port: otherPort, pools }), {
    deployment: 1,
    sequence: 1,
  });
  await edge.close();
  await writeFile(join(edge.directory.edge, name), '{"half":');

  await edge.restart();

  assert.equal((await fetch(`http://127.0.0.1:${otherPort}/`)).status, 200);
  assert.equal(await edge.observe(), null);
  const names = await readdir(edge.directory.edge);
  assert.equal(names.includes(name), false);
  assert.equal(await readFile(join(edge.directory.edge, `${name}.damaged`), 'utf8'), '{"half":');
  assert.equal(edge.logged.filter((line) => line.includes(name)).length, 1);
  await edge.apply(onlyStable(edge), { deployment: 1, sequence: 2 });
  await edge.restart();
  assert.equal((await edge.observe()).token.sequence, 2);
});

function half(edge: EdgeUnderTest, ttlMs = 60_000): Routing {
  return aRouting({
    scope,
    port: edge.port,
    pools: [aPool(stable, 50, [1]), aPool(candidate, 50, [1])],
    lease: aLease(candidate, { ttlMs }),
  });
}

function onlyStable(edge: EdgeUnderTest): Routing {
  return aRouting({ scope, port: edge.port, pools: [aPool(stable, 100, [1])] });
}

async function storedText(edge: EdgeUnderTest): Promise<string> {
  const names = (await readdir(edge.directory.edge)).filter((name) => name.endsWith('.json'));
  const texts = await Promise.all(
    names.map((name) => readFile(join(edge.directory.edge, name), 'utf8')),
  );
  return texts.join('');
}

async function refused(code: string, verb: Promise<unknown>): Promise<void> {
  await assert.rejects(verb, (error: { failure: { code: string; effect: string } }) => {
    assert.equal(error.failure.code, code);
    assert.equal(error.failure.effect, 'none');
    return true;
  });
}
