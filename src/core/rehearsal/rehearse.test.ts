import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  aRehearsedPlan,
  rehearsed,
  someTraffic,
  wideLimits,
} from '../../../test/support/core/rehearsal-builder.ts';
import { someMirrorRules } from '../../../test/support/core/some-mirror-rules.ts';
import { aMirrorPolicy, aPlan, aRolloutPolicy } from '../../../test/support/plan-builder.ts';
import { quantile } from '../model/quantile.ts';
import { badConducts, type Conduct } from '../traffic-model/conduct.ts';
import type { Rehearsal } from './rehearse.ts';

const SEEDS = [1, 2, 3];

function conductOf(name: string): Conduct {
  const found = badConducts.find((conduct) => conduct.name === name);
  assert.ok(found, name);
  return found;
}

function sum(rehearsals: readonly Rehearsal[], of: (rehearsal: Rehearsal) => number): number {
  return rehearsals.reduce((total, rehearsal) => total + of(rehearsal), 0);
}

test('a healthy release is promoted, after every step has taken its time', () => {
  const { outcome, steps, exposure, totalMs } = rehearsed();

  assert.equal(outcome, 'promoted');
  assert.deepEqual(
    steps.map(({ id }) => id),
    aRehearsedPlan().steps.map(({ id }) => id),
  );
  const judged = steps.filter(({ id }) => id.startsWith('judge-'));
  for (const { ms } of judged) assert.ok(ms >= 10_000 && ms < 20_000, String(ms));
  assert.ok(Math.abs(totalMs - steps.reduce((total, { ms }) => total + ms, 0)) < 1);
  assert.ok(exposure.requests > 1_000);
  assert.equal(exposure.failures, 0);
});

test('a first release takes its traffic unjudged', () => {
  const { outcome, exposure } = rehearsed({ plan: aPlan({ stable: null, inForce: null }) });

  assert.equal(outcome, 'promoted');
  assert.equal(exposure.requests, 0);
});

test('errors break the limit, and are found within a look', () => {
  for (const seed of SEEDS) {
    const { outcome, cause, caughtMs } = rehearsed({ conduct: conductOf('0 to 5 % errors'), seed });

    assert.equal(outcome, 'reverted');
    assert.equal(cause?.step, 'judge-10');
    assert.match(cause.judgement?.reason ?? '', /fail too often/);
    assert.ok(caughtMs !== null && caughtMs < 5_000);
  }
});

test('a mirror lets a healthy release through, and finds errors before any client meets them', () => {
  const mirror = aMirrorPolicy();
  // Of so many, one in a hundred hangs whatever is drawn.
  const limits = { ...mirror.limits, samplesMin: 2_000 };
  const plan = aPlan({ rollout: aRolloutPolicy({ mirror: { ...mirror, limits } }) });

  const [healthy, failing, hanging] = [undefined, '0 to 5 % errors', '1 % of requests hang'].map(
    (name) => rehearsed({ plan, ...(name !== undefined && { conduct: conductOf(name) }) }),
  );

  assert.equal(healthy?.outcome, 'promoted');
  assert.ok(healthy.steps.some(({ id }) => id === 'judge-mirror'));
  for (const bad of [failing, hanging]) {
    assert.equal(bad?.outcome, 'reverted');
    assert.equal(bad.cause?.step, 'judge-mirror');
    assert.match(bad.cause.judgement?.reason ?? '', /were answered differently: status/);
    assert.equal(bad.exposure.requests, 0);
  }
});

test('a mirror that copies few requests a second takes its time to have enough of them', () => {
  const rules = someMirrorRules({ perSecondMax: 5 });
  const plan = aPlan({ rollout: aRolloutPolicy({ mirror: aMirrorPolicy({ rules }) }) });

  const { steps } = rehearsed({ plan });

  // A hundred are needed, and how many come in a second is chance.
  const mirrored = steps.find(({ id }) => id === 'judge-mirror');
  assert.ok(mirrored && mirrored.ms >= 10_000 && mirrored.ms <= 40_000, String(mirrored?.ms));
});

test('a lower limit for errors reverts earlier, with less harm', () => {
  const caught = (errorRateMax: number): readonly Rehearsal[] =>
    SEEDS.map((seed) =>
      rehearsed({
        plan: aRehearsedPlan({
          compare: [],
          limits: { ...wideLimits, errorRateMax },
          trip: { connectErrors: 1e6, serverErrors: 1e6, timeouts: 1e6 },
        }),
        conduct: conductOf('0 to 5 % errors'),
        seed,
      }),
    );

  const [low, high] = [caught(0), caught(0.04)];

  assert.ok(
    sum(low, ({ caughtMs }) => caughtMs ?? Infinity) < sum(high, ({ caughtMs }) => caughtMs ?? 0),
  );
  assert.ok(
    sum(low, ({ exposure }) => exposure.failures) < sum(high, ({ exposure }) => exposure.failures),
  );
});

test('a plan whose balancer does not trip exposes more', () => {
  const exposed = (serverErrors: number): readonly Rehearsal[] =>
    SEEDS.map((seed) =>
      rehearsed({
        plan: aRehearsedPlan({
          limits: wideLimits,
          trip: { connectErrors: 3, serverErrors, timeouts: 3 },
        }),
        conduct: conductOf('0 to 5 % errors'),
        seed,
      }),
    );

  const [tripping, trusting] = [exposed(2), exposed(1e6)];

  for (const { exposure, cause } of tripping) {
    assert.equal(exposure.failures, 2);
    assert.equal(cause?.judgement?.findings[0]?.metric, 'trip');
  }
  for (const { cause } of trusting) {
    assert.equal(cause?.judgement?.findings[0]?.metric, 'comparison');
  }
  assert.ok(
    sum(trusting, ({ exposure }) => exposure.requests) >
      sum(tripping, ({ exposure }) => exposure.requests),
  );
});

test('a slower release is found by comparison alone, and promoted without one', () => {
  const conduct = conductOf('p99 +50 %');
  const outcomes = (compare: readonly ('errors' | 'latency')[]) =>
    SEEDS.map((seed) =>
      rehearsed({
        plan: aRehearsedPlan({
          compare,
          limits: { ...wideLimits, holdMs: 60_000 },
          judgeDeadlineMs: 120_000,
        }),
        conduct,
        seed,
      }),
    );

  assert.ok(outcomes([]).every(({ outcome }) => outcome === 'promoted'));
  for (const { outcome, cause } of outcomes(['latency'])) {
    assert.equal(outcome, 'reverted');
    assert.equal(cause?.judgement?.findings[0]?.metric, 'comparison');
  }
});

test('no release of a rehearsal takes up more and more, so that it may be proven harmless', () => {
  const plan = aRehearsedPlan({
    ...{ compare: ['resources'], excludeHarm: true, weights: [50, 100] },
    gauges: { memory: { limit: 1e9, safeLifeMs: 604_800_000 } },
    ...{ limits: { ...wideLimits, holdMs: 10_000 }, judgeDeadlineMs: 2_400_000 },
  });

  const { outcome, steps } = rehearsed({
    plan,
    traffic: { ...someTraffic, requestsPerSecond: 20 },
  });

  assert.equal(outcome, 'promoted');
  // Burn-in and one block.
  assert.ok(steps.some(({ id, ms }) => id === 'judge-50' && ms >= 2_100_000 && ms < 2_120_000));
});

test('requests that hang are found when they time out', () => {
  const conduct = conductOf('1 % of requests hang');
  const caught = Array.from({ length: 41 }, (_, seed) => {
    const { outcome, caughtMs } = rehearsed({ conduct, seed });
    assert.equal(outcome, 'reverted', `seed ${seed}`);
    assert.ok(caughtMs !== null && caughtMs >= 4_000, `seed ${seed}: ${caughtMs}`);
    return caughtMs;
  });

  const median = quantile(caught, 0.5);
  assert.ok(median >= 4_800 && median < 8_000, String(median));
});

test('a short gate does not pass while requests hang, until they time out', () => {
  const plan = aRehearsedPlan({ limits: { ...aRolloutPolicy().limits, holdMs: 2_000 } });
  const conduct = { name: 'one in ten requests hangs', hangs: 0.1 };

  for (const seed of SEEDS) {
    const { outcome, cause } = rehearsed({ plan, conduct, seed });

    assert.deepEqual([outcome, cause?.step], ['reverted', 'judge-10']);
  }
});

test('an instance that ends takes the candidate with it', () => {
  const { outcome, exposure } = rehearsed({ conduct: conductOf('an instance exits') });

  assert.equal(outcome, 'reverted');
  assert.ok(exposure.failures >= 1 && exposure.failures <= 3);
});

test('the same seed gives the same rehearsal, another one does not', () => {
  assert.deepEqual(rehearsed({ seed: 5 }), rehearsed({ seed: 5 }));
  assert.notDeepEqual(rehearsed({ seed: 5 }), rehearsed({ seed: 6 }));
});
