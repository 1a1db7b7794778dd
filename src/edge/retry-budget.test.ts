import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { startBackend } from '../../test/support/edge/backend.ts';
import { stable, startServingEdge, totalOf } from '../../test/support/edge/edge-under-test.ts';
import { RetryBudget } from './retry-budget.ts';

test('over any time there are at most a fifth as many retries as good answers, and a thousand', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(400), { maxLength: 60 }), (runs) => {
      const budget = new RetryBudget();
      for (let answer = 0; answer < 10_000; answer += 1) budget.answered();
      let [answers, retries] = [0, 0];

      runs.forEach((length, index) => {
        for (let step = 0; step < length; step += 1) {
          if (index % 2 === 0) {
            budget.answered();
            answers += 1;
          } else if (budget.take()) retries += 1;
        }
        assert.ok(retries <= 1_000 + answers / 5);
      });
    }),
  );
});

test('what was withheld is counted, and good answers pay for the next retry', () => {
  const budget = new RetryBudget();
  while (budget.take());

  const before = budget.take();
  for (let answer = 0; answer < 6; answer += 1) budget.answered();

  assert.deepEqual([before, budget.withheld, budget.take()], [false, 2, true]);
});

test('a service that breaks all connections does not get every request twice for ever', async (t) => {
  const backend = await startBackend(t, (request) => request.socket.destroy());
  const edge = await startServingEdge(t, [backend.port]);
  const requests = 130;

  for (let index = 0; index < requests; index += 1) {
    assert.equal((await fetch(edge.url)).status, 502);
  }

  assert.equal(backend.seen.length, requests + 100);
  // However often it was tried, a request is one.
  assert.equal(await totalOf(edge, stable, 'requests'), requests);
  assert.equal((await edge.report()).retriesWithheld, requests - 100);
  assert.equal(await totalOf(edge, stable, 'idempotentClientErrors'), requests);
});
