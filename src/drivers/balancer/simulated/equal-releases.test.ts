/** What the simulated balancer counts of two releases that are the same, and what the verdict makes of it. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { bakeThroughBalancer } from '../../../../test/support/bake-through-balancer.ts';

test('an equal release is not condemned for what the stable pool answers in its place', () => {
  const { isCondemned, trippedS, rescued } = bakeThroughBalancer({
    ...{ seed: 7, seconds: 300, perSecond: 300, weight: 90, hasIncidents: false },
  });

  assert.ok(rescued > 500, `${rescued} requests were taken over`);
  assert.equal(isCondemned, false);
  assert.equal(trippedS, null);
});

test('an equal release beside a baseline loses its traffic neither for being cold nor to incidents', () => {
  for (const weight of [10, 50]) {
    for (const seed of [1, 2, 3]) {
      const { isCondemned, trippedS, incidents } = bakeThroughBalancer({
        ...{ seed, seconds: 900, perSecond: 300, weight },
        ...{ hasIncidents: true, hasBaseline: true },
      });

      assert.ok(incidents >= 1, `${incidents} incidents`);
      assert.equal(isCondemned, false, `${weight} %, seed ${seed}`);
      assert.equal(trippedS, null, `${weight} %, seed ${seed}`);
    }
  }
});

test('an equal release does not lose its traffic to incidents that both releases meet', () => {
  const { isCondemned, trippedS, incidents } = bakeThroughBalancer({
    ...{ seed: 7, seconds: 1_800, perSecond: 60, weight: 50, hasIncidents: true },
  });

  assert.ok(incidents >= 3, `${incidents} incidents`);
  assert.equal(isCondemned, false);
  assert.equal(trippedS, null);
});
