import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planArrivals, type ArrivalPlan } from './arrivals.ts';

const aPlan = (forms: readonly ArrivalPlan['form'][]): fc.Arbitrary<ArrivalPlan> =>
  fc.record({
    form: fc.constantFrom(...forms),
    ratePerSecond: fc.integer({ min: 1, max: 5_000 }),
    durationMs: fc.integer({ min: 100, max: 5_000 }),
    seed: fc.integer({ min: 0, max: 1_000_000 }),
  });

function momentsOf(plan: ArrivalPlan): readonly number[] {
  const arrivals = planArrivals(plan);
  const moments: number[] = [];
  for (let next = arrivals.next(); next !== null; next = arrivals.next()) moments.push(next);
  assert.equal(moments.length, arrivals.total);
  return moments;
}

test('there are as many arrivals as the rate asks for, in order and within the time', () => {
  fc.assert(
    fc.property(aPlan(['constant', 'poisson']), (plan) => {
      const moments = momentsOf(plan);

      const wanted = (plan.ratePerSecond * plan.durationMs) / 1_000;
      assert.ok(moments.length >= wanted - 1e-6 && moments.length < wanted + 1);
      for (const [at, moment] of moments.entries()) {
        assert.ok(moment >= (moments[at - 1] ?? 0) && moment < plan.durationMs);
      }
    }),
    { numRuns: 50 },
  );
});

test('at a constant rate arrivals stand at equal distances from the first moment on', () => {
  fc.assert(
    fc.property(aPlan(['constant']), (plan) => {
      for (const [at, moment] of momentsOf(plan).entries()) {
        assert.ok(Math.abs(moment - (at * 1_000) / plan.ratePerSecond) < 1e-6);
      }
    }),
    { numRuns: 50 },
  );
});

test('random arrivals are the same for the same seed and others for another', () => {
  const plan = { form: 'poisson', ratePerSecond: 100, durationMs: 10_000, seed: 7 } as const;

  assert.deepEqual(momentsOf(plan), momentsOf(plan));
  assert.notDeepEqual(momentsOf(plan), momentsOf({ ...plan, seed: 8 }));
});

test('random arrivals are as far apart as those of a Poisson process', () => {
  const moments = momentsOf({
    ...{ form: 'poisson', ratePerSecond: 1_000, durationMs: 60_000, seed: 1 },
  });
  const gaps = moments.slice(1).map((moment, at) => moment - (moments[at] ?? 0));
  const beyond = (ms: number): number => gaps.filter((gap) => gap > ms).length / gaps.length;

  for (const ms of [0.5, 1, 2, 4]) {
    assert.ok(Math.abs(beyond(ms) - Math.exp(-ms)) < 0.01, `${beyond(ms)} beyond ${ms} ms`);
  }
});

test('a plan of tenths of a second ends where its rounding says that it ends', () => {
  const plan = { form: 'constant', ratePerSecond: 1_000, durationMs: 100, seed: 1 } as const;

  assert.equal(momentsOf(plan).length, 100);
  assert.equal(momentsOf({ ...plan, ratePerSecond: 3, durationMs: 1_000 }).length, 3);
  assert.equal(momentsOf({ ...plan, ratePerSecond: 1, durationMs: 1_001 }).length, 2);
});
