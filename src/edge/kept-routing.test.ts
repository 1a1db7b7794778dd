import assert from 'node:assert/strict';
import test from 'node:test';
import { assertShare } from '../drivers/contract-suites/assert-share.ts';
import { startBackend } from '../../test/support/edge/backend.ts';
import {
  candidate,
  scope,
  stable,
  startEdgeUnderTest,
  type EdgeUnderTest,
} from '../../test/support/edge/edge-under-test.ts';
import { aLease, aPool, aRouting } from '../../test/support/edge/routing-builder.ts';

// Failures of others when a balancer is loaded again, as in the table of docs/reliability.md.

test('weights-lost-on-reload (HAProxy 2085, 199, 409): an edge that starts again has the split of before and reads it back', async (t) => {
  const edge = await startEdgeUnderTest(t);
  const old = await startBackend(t);
  const next = await startBackend(t);
  const pools = [aPool(stable, 80, [old.port]), aPool(candidate, 20, [next.port])];
  const lease = aLease(candidate);
  await edge.apply(aRouting({ scope, port: edge.port, pools, lease }), {
    deployment: 2,
    sequence: 6,
  });

  for (let loads = 1; loads <= 3; loads += 1) {
    await edge.restart();

    const { weights, token, fallback } = await edge.observe();
    assert.deepEqual(weights, { [stable]: 80, [candidate]: 20 });
    assert.deepEqual([token.sequence, fallback], [6, null]);
    await ask(edge, 100);
    assert.equal(old.seen.length + next.seen.length, 100 * loads);
    assertShare(next.seen.length, 100 * loads, 20);
  }
});

test('state-file-overrides-port (HAProxy 1412, 2103, 3296): what an edge had kept does not stand over what it was told', async (t) => {
  const edge = await startEdgeUnderTest(t);
  const former = await startBackend(t);
  const moved = await startBackend(t);
  const at = (port: number) =>
    aRouting({ scope, port: edge.port, pools: [aPool(stable, 100, [port])] });
  await edge.apply(at(former.port), { deployment: 1, sequence: 4 });
  await ask(edge, 1);
  await edge.apply(at(moved.port), { deployment: 2, sequence: 3 });

  await edge.restart();

  const { routing } = await edge.observe();
  assert.deepEqual(
    routing.pools[0]?.endpoints.map(({ port }) => port),
    [moved.port],
  );
  await ask(edge, 5);
  assert.deepEqual([former.seen.length, moved.seen.length], [1, 5]);
});

async function ask(edge: EdgeUnderTest, requests: number): Promise<void> {
  for (let request = 0; request < requests; request += 1) await (await fetch(edge.url)).text();
}
