import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aRehearsedPlan } from '../../../test/support/core/rehearsal-builder.ts';
import { drawScenarios } from './draw-scenarios.ts';

const scenarios = drawScenarios(aRehearsedPlan(), { runs: 2_000, seed: 1, aboutMs: 45_000 });

test('half of all deployments meet with no mishap, a few with two', () => {
  const withMishaps = [0, 1, 2].map(
    (count) => scenarios.filter(({ mishaps }) => mishaps.length === count).length,
  );

  const [none = 0, one = 0, two = 0] = withMishaps;
  assert.equal(none + one + two, 2_000);
  assert.ok(none > 900 && none < 1_100, String(none));
  assert.ok(two > 200 && two < 400, String(two));
});

test('balancers and agents are away for seconds and for minutes', () => {
  for (const away of ['balancer-away', 'target-away'] as const) {
    const secondsAway = scenarios.flatMap(({ mishaps }) =>
      mishaps.flatMap(({ kind, atMs, untilMs }) =>
        kind === away ? [(untilMs - atMs) / 1_000] : [],
      ),
    );

    assert.ok(Math.min(...secondsAway) < 2, away);
    assert.ok(Math.max(...secondsAway) > 180, away);
  }
});
