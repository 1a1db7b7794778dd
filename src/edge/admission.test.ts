import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import {
  candidate,
  scope,
  stable,
  startEdgeUnderTest,
} from '../../test/support/edge/edge-under-test.ts';
import { aLease, aPool, aRouting } from '../../test/support/edge/routing-builder.ts';
import { until } from '../../test/support/until.ts';

test('what a candidate has earned outlives the worker, as of the last renewal', async (t) => {
  const [old, next] = [await startBackend(t), await startBackend(t)];
  const edge = await startEdgeUnderTest(t);
  const pools = [aPool(stable, 0, [old.port]), aPool(candidate, 100, [next.port])];
  const lease = aLease(candidate, { safeFirst: 3 });
  const token = { deployment: 2, sequence: 1 };
  await edge.apply(aRouting({ scope, port: edge.port, pools, lease }), token);
  const post = () => fetch(edge.url, { method: 'POST', body: 'x' });
  await post();
  for (let sent = 0; sent < 3; sent += 1) await (await fetch(edge.url)).arrayBuffer();
  await edge.renew(token);
  const path = join(edge.directory.edge, `${encodeURIComponent(scope)}.routing.json`);
  await until('the counts on disk', async () =>
    (await readFile(path, 'utf8')).includes('"cleanAnswers":3'),
  );

  await edge.restart();
  await post();

  assert.deepEqual(old.seen, ['POST /']);
  assert.equal(next.seen.at(-1), 'POST /');
});

test('a body makes any request one that may change something', async (t) => {
  const [old, next] = [await startBackend(t), await startBackend(t)];
  const edge = await startEdgeUnderTest(t);
  const pools = [aPool(stable, 0, [old.port]), aPool(candidate, 100, [next.port])];
  const lease = aLease(candidate, { safeFirst: 3 });
  await edge.apply(aRouting({ scope, port: edge.port, pools, lease }), {
    deployment: 2,
    sequence: 1,
  });

  for (const method of ['PUT', 'DELETE', 'PATCH', 'POST', 'OPTIONS']) {
    await fetch(edge.url, { method, ...(method !== 'DELETE' && { body: 'x' }) });
  }
  await fetch(edge.url, { method: 'HEAD' });

  assert.deepEqual(old.seen, ['PUT /', 'DELETE /', 'PATCH /', 'POST /', 'OPTIONS /']);
  assert.deepEqual(next.seen, ['HEAD /']);
});
