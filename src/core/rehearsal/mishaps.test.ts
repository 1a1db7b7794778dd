import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  aRehearsedPlan,
  rehearsed,
  someTraffic,
  wideLimits,
} from '../../../test/support/core/rehearsal-builder.ts';
import { distributionOf } from '../power/distribution-of.ts';
import { badConducts, healthy } from '../traffic-model/conduct.ts';
import { drawScenarios } from './draw-scenarios.ts';
import { mishapKinds, type Mishap, type MishapKind } from './mishap.ts';
import { rehearseAll } from './rehearse-all.ts';

/** In the middle of the first gate. */
const AT_MS = 8_000;

function with_(kind: MishapKind, lastsMs = 0, atMs = AT_MS) {
  return rehearsed({ mishaps: [{ kind, atMs, untilMs: atMs + lastsMs }] });
}

test('a server that is killed and comes back within the lease goes on where it was', () => {
  const { outcome } = with_('server-killed', 3_000);

  assert.equal(outcome, 'promoted');
});

test('a server that stays away for longer than the lease finds the stable release serving', () => {
  const { outcome, cause } = with_('server-killed', 30_000);

  assert.equal(outcome, 'reverted');
  assert.equal(cause?.failure.code, 'lease-lost');
});

test('a database that is away for longer than the lease takes the candidate’s traffic with it', () => {
  const { outcome, cause, exposure } = with_('database-away', 30_000);

  assert.equal(outcome, 'reverted');
  assert.equal(cause?.failure.code, 'lease-lost');
  assert.equal(exposure.failures, 0);
  assert.equal(with_('database-away', 4_000).outcome, 'promoted');
});

test('a lost answer is looked up, and nothing is done twice', () => {
  const { outcome, steps } = with_('answer-lost');

  assert.equal(outcome, 'promoted');
  assert.deepEqual(
    steps.map(({ id }) => id),
    aRehearsedPlan().steps.map(({ id }) => id),
  );
});

test('an agent that is away for a moment is waited for; for a minute it is not', () => {
  assert.equal(with_('target-away', 5_000, 500).outcome, 'promoted');
  assert.equal(with_('target-away', 60_000, 500).outcome, 'reverted');
});

test('a target that stays away while it is needed to go back leaves the deployment held', () => {
  const mishaps = [
    { kind: 'aborted', atMs: AT_MS, untilMs: AT_MS },
    { kind: 'target-away', atMs: AT_MS, untilMs: AT_MS + 3_600_000 },
  ] as const;

  const { outcome, cause } = rehearsed({ mishaps });

  assert.equal(outcome, 'held');
  assert.equal(cause?.failure.code, 'agent-unreachable');
});

test('whoever aborts is heard at once', () => {
  const { outcome, cause, totalMs } = with_('aborted');

  assert.equal(outcome, 'reverted');
  assert.equal(cause?.failure.code, 'aborted');
  assert.ok(totalMs < AT_MS + 5_000, String(totalMs));
});

test('an instance that ends by itself is found by its refused connections', () => {
  const { outcome, exposure } = with_('instance-exits');

  assert.equal(outcome, 'reverted');
  assert.ok(exposure.failures > 0);
});

test('trouble that both releases have breaks the limits, and the comparison blames nobody', () => {
  const mishaps = [{ kind: 'shared-trouble', atMs: AT_MS, untilMs: AT_MS + 20_000 }] as const;
  const trip = { connectErrors: 1e6, serverErrors: 1e6, timeouts: 1e6 };

  const limited = rehearsed({ mishaps });
  const compared = rehearsed({ plan: aRehearsedPlan({ limits: wideLimits, trip }), mishaps });

  assert.equal(limited.cause?.failure.code, 'gate-failed');
  assert.equal(compared.outcome, 'promoted');
});

const mishap: fc.Arbitrary<Mishap> = fc
  .tuple(
    fc.constantFrom(...mishapKinds),
    fc.integer({ min: 0, max: 60_000 }),
    fc.integer({ min: 1, max: 200_000 }),
  )
  .map(([kind, atMs, lastsMs]) => ({ kind, atMs, untilMs: atMs + lastsMs }));

test('whatever happens, it ends promoted, reverted or held, costs nothing less than nothing, and repeats', () => {
  fc.assert(
    fc.property(
      fc.array(mishap, { maxLength: 3 }),
      fc.constantFrom(healthy, ...badConducts),
      fc.integer({ min: 0, max: 1_000 }),
      (mishaps, conduct, seed) => {
        const wish = { mishaps, conduct, seed };
        const rehearsal = rehearsed(wish);
        const { outcome, exposure, totalMs, caughtMs, cause } = rehearsal;

        assert.ok(['promoted', 'reverted', 'held'].includes(outcome));
        assert.equal(cause === null, outcome === 'promoted');
        const { requests, failures, clientErrors, budgetSeconds } = exposure;
        for (const figure of [requests, failures, clientErrors, budgetSeconds, totalMs]) {
          assert.ok(figure >= 0, String(figure));
        }
        assert.ok(failures <= requests);
        assert.ok(caughtMs === null || (caughtMs >= 0 && caughtMs <= totalMs));
        assert.deepEqual(rehearsed(wish), rehearsal);
      },
    ),
    { numRuns: 40 },
  );
});

test('the same seed gives the same distribution; healthy releases to which nothing happens are promoted', () => {
  const plan = aRehearsedPlan();
  const drawn = (seed: number) => {
    const scenarios = drawScenarios(plan, { runs: 60, seed, aboutMs: 45_000 });
    return distributionOf(rehearseAll(plan, someTraffic, scenarios));
  };

  const distribution = drawn(3);

  assert.deepEqual(drawn(3), distribution);
  assert.notDeepEqual(drawn(4), distribution);
  assert.equal(distribution.falseReverts.count, 0);
  const { all, byConduct, causes } = distribution;
  assert.equal(all.promoted + all.reverted + all.held, 60);
  assert.equal(
    byConduct.reduce((sum, { runs }) => sum + runs, 0),
    60,
  );
  assert.equal(
    causes.reduce((sum, { ofHealthy, ofWorse }) => sum + ofHealthy + ofWorse, 0),
    all.reverted + all.held,
  );
});
