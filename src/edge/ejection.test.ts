import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import {
  scope,
  stable,
  startEdgeUnderTest,
  totalOf,
} from '../../test/support/edge/edge-under-test.ts';
import { aPool, aRouting } from '../../test/support/edge/routing-builder.ts';
import { createShiftedClock } from '../../test/support/edge/shifted-clock.ts';
import { FAILURES_IN_ROW } from '../core/routing/instance-health.ts';

test('an instance that fails again and again gets no more requests, and the others serve', async (t) => {
  const { edge, failing, send } = await pairOfInstances(t);
  failing.isBroken = true;

  const statuses = await send(40);

  assert.equal(failing.asked, FAILURES_IN_ROW);
  // The last one that it failed was tried at the other instance.
  assert.equal(statuses.filter((status) => status === 500).length, FAILURES_IN_ROW - 1);
  assert.deepEqual((await edge.observe()).ejected, { [stable]: [`${stable}.0`] });
  assert.equal(await totalOf(edge, stable, 'clientErrors'), FAILURES_IN_ROW - 1);
});

test('a trial that fails costs no safe request, one that passes brings the instance back', async (t) => {
  const { edge, failing, send, pass } = await pairOfInstances(t);
  failing.isBroken = true;
  await send(2 * FAILURES_IN_ROW);
  const before = failing.asked;

  pass(1_001);
  assert.deepEqual(new Set(await send(10)), new Set([200]));
  assert.equal(failing.asked, before + 1);

  failing.isBroken = false;
  pass(2_001);
  await send(10);
  assert.equal(failing.asked, before + 6);
  assert.deepEqual((await edge.observe()).ejected, {});
});

test('answers in between that are good keep an instance', async (t) => {
  const { edge, failing, send } = await pairOfInstances(t);

  for (let round = 0; round < 4; round += 1) {
    failing.isBroken = true;
    await send(2 * (FAILURES_IN_ROW - 1));
    failing.isBroken = false;
    await send(2);
  }

  assert.deepEqual((await edge.observe()).ejected, {});
});

test('what each of two instances has answered is told by instance', async (t) => {
  const { edge, send } = await pairOfInstances(t);
  const answered = async () => Object.values((await edge.observe()).answered[stable] ?? {});

  assert.deepEqual(await answered(), [0, 0]);
  await send(1);
  assert.deepEqual(await answered(), [1, 0]);
  await send(2);
  assert.deepEqual(await answered(), [2, 1]);
});

/** Two instances of the stable pool, that take turns; the first one can be broken. */
async function pairOfInstances(t: TestContext) {
  const failing = { isBroken: false, asked: 0 };
  const first = await startBackend(t, (_request, response) => {
    failing.asked += 1;
    response.writeHead(failing.isBroken ? 500 : 200).end();
  });
  const second = await startBackend(t);
  const clock = createShiftedClock();
  const edge = await startEdgeUnderTest(t, { clock });
  const pools = [aPool(stable, 100, [first.port, second.port])];
  await edge.apply(aRouting({ scope, port: edge.port, pools }), { deployment: 1, sequence: 1 });
  return {
    edge,
    failing,
    pass: (ms: number) => clock.advance(ms),
    async send(count: number) {
      const statuses: number[] = [];
      for (let sent = 0; sent < count; sent += 1) {
        const answer = await fetch(edge.url);
        await answer.arrayBuffer();
        statuses.push(answer.status);
      }
      return statuses;
    },
  };
}
