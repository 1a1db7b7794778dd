import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  aRehearsedPlan,
  someFigures,
  someTraffic,
  wideLimits,
} from '../../../test/support/core/rehearsal-builder.ts';
import { rehearseAll } from '../rehearsal/rehearse-all.ts';
import { badConducts } from '../traffic-model/conduct.ts';
import { powerOf, powerScenarios } from './power-of.ts';
import { leastMsOf, withLongerHolds } from './with-longer-holds.ts';

const plan = aRehearsedPlan();

test('a healthy release says how long each step takes', () => {
  const found = [1, 2, 3, 40].map((second) =>
    someFigures({ steps: [{ id: 'judge-10', ms: second * 1_000 }] }),
  );

  const { steps, totalMs, healthy: good } = powerOf(plan, found);

  assert.deepEqual(steps, [{ step: 'judge-10', ms: { median: 2_000, p95: 40_000 } }]);
  assert.deepEqual(totalMs, { median: 40_000, p95: 40_000 });
  assert.deepEqual([good.caught, good.promoted], [0, 1]);
});

test('what is worse says how much of it is caught, where, and what that costs', () => {
  const caught = { conduct: 'bad', outcome: 'reverted', step: 'judge-10' } as const;
  const found = [
    someFigures({ ...caught, cause: 'errorRate', caughtMs: 1_000, requests: 10, failures: 1 }),
    someFigures({ ...caught, cause: 'errorRate', caughtMs: 3_000, requests: 30, failures: 2 }),
    someFigures({ ...caught, cause: 'trip', caughtMs: 2_000, requests: 20, failures: 5 }),
    someFigures({ conduct: 'bad' }),
  ];

  const [bad] = powerOf(plan, found).worse;

  assert.ok(bad);
  assert.deepEqual([bad.caught, bad.promoted], [0.75, 0.25]);
  assert.deepEqual(bad.caughtMs, { median: 2_000, p95: 3_000 });
  assert.deepEqual(bad.requests, { median: 20, p95: 30 });
  assert.deepEqual(bad.failures, { median: 2, p95: 5 });
  assert.deepEqual(bad.in[0], { step: 'judge-10', by: 'errorRate', share: 2 / 3 });
});

test('what was never caught has no time until it was', () => {
  const [bad] = powerOf(plan, [someFigures({ conduct: 'bad' })]).worse;

  assert.deepEqual([bad?.caughtMs, bad?.requests, bad?.in], [null, null, []]);
});

test('every kind of release is rehearsed as often, with the same seeds', () => {
  const scenarios = powerScenarios(9, 2);

  assert.equal(scenarios.length, 2 * (badConducts.length + 1));
  assert.deepEqual([...new Set(scenarios.map(({ seed }) => seed))], [9, 10]);
});

test('longer holds catch more, and the forecast says so', () => {
  const short = aRehearsedPlan({ limits: { ...wideLimits, holdMs: 5_000 } });
  const conducts = badConducts.filter(({ name }) => name === 'p99 +50 %');
  const caughtBy = (held: typeof short): number => {
    const scenarios = powerScenarios(1, 6, conducts);
    const found = rehearseAll(held, someTraffic, scenarios);
    return powerOf(held, found).worse[0]?.caught ?? 0;
  };

  const longer = withLongerHolds(short, 12);

  assert.ok(leastMsOf(longer) > 11 * leastMsOf(short));
  assert.ok(caughtBy(longer) > caughtBy(short));
});
