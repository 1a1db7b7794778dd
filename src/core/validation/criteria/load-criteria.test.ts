import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadAsked } from '../asked/load-asked.ts';
import type { Criterion } from '../criterion.ts';
import type { LoadResult } from '../fact.ts';
import { outcomeOf } from '../judge-report.ts';
import type { LoadRule } from '../rule.ts';
import { newTally } from '../tally.ts';
import { loadCriteria } from './load-criteria.ts';

const usual = loadAsked.ruleOf(loadAsked.config.parse({}));

function aLoad(changes: Partial<LoadResult> = {}): LoadResult {
  return {
    ...{ requests: 60_000, failed: 0, durationMs: 30_000, ratePerSecond: 2_000 },
    ...{ latencyMs: { p50: 4, p95: 90, p99: 150, max: 800 }, generator: null },
    ...changes,
  };
}

function judged(loads: readonly LoadResult[], rule: Partial<LoadRule> = {}): readonly Criterion[] {
  return loadCriteria({ ...usual, ...rule }, { ...newTally(), loads: [...loads] });
}

function states(criteria: readonly Criterion[]): Readonly<Record<string, Criterion['state']>> {
  return Object.fromEntries(
    criteria.filter(({ state }) => state !== 'met').map(({ what, state }) => [what, state]),
  );
}

const latency = (quantile: string, maxMs: number): Partial<LoadRule> => ({
  latency: { quantile, maxMs },
});

test('a target that answers often, soon and without failures passes', () => {
  assert.deepEqual(states(judged([aLoad()])), {});
});

test('without a load, or without a request, nothing is shown', () => {
  assert.deepEqual(states(judged([])), { requests: 'unknown' });
  const none = aLoad({ requests: 0, ratePerSecond: 0, latencyMs: {} });
  assert.deepEqual(states(judged([none])), {
    ...{ requests: 'unknown', 'answers a second': 'unmet' },
    ...{ 'latency, p95': 'unknown', 'share of failures': 'unknown' },
  });
  assert.deepEqual(states(judged([aLoad({ requests: 99 })], { requestsMin: 100 })), {
    requests: 'unknown',
  });
});

test('a target that answers too seldom fails', () => {
  const [, rate] = judged([aLoad({ ratePerSecond: 999.99 })]);

  assert.equal(rate?.state, 'unmet');
  assert.equal(rate.observed, '999.99');
});

test('a target that was not asked often enough is not to blame, and does not pass', () => {
  const generator = { keptUp: false, observed: 'it sent 700 of 1,000 a second' };
  const slow = states(judged([aLoad({ ratePerSecond: 700, generator })]));
  assert.deepEqual(slow, { 'answers a second': 'unknown', 'the generator kept up': 'unknown' });

  assert.deepEqual(states(judged([aLoad({ generator })])), { 'the generator kept up': 'unknown' });
  const kept = { ...generator, keptUp: true };
  assert.deepEqual(states(judged([aLoad({ generator: kept })])), {});
  // Late is counted from when a request was due: what waited in the generator is in it.
  const late = aLoad({ generator, latencyMs: { p95: 300 } });
  assert.equal(outcomeOf(judged([late])), 'ERROR');
  assert.equal(outcomeOf(judged([{ ...late, generator: kept }])), 'FAIL');
});

test('more failures than are allowed fail, and those that are allowed do not', () => {
  assert.deepEqual(states(judged([aLoad({ failed: 1 })])), { 'share of failures': 'unmet' });
  assert.deepEqual(states(judged([aLoad({ failed: 600 })], { errorRateMax: 0.01 })), {});
  assert.deepEqual(states(judged([aLoad({ failed: 601 })], { errorRateMax: 0.01 })), {
    'share of failures': 'unmet',
  });
});

test('a quantile that is not reported is known to be met by one above, and not to be by one below', () => {
  const found = { p50: 4, p90: 80, 'p97.5': 120, max: 800 };
  const of = (quantile: string, maxMs: number): string | undefined =>
    judged([aLoad({ latencyMs: found })], latency(quantile, maxMs))[2]?.state;

  assert.equal(of('p95', 120), 'met');
  assert.equal(of('p95', 119), 'unknown');
  assert.equal(of('p95', 80), 'unknown');
  assert.equal(of('p95', 79), 'unmet');
  assert.equal(of('p99', 800), 'met');
  assert.equal(of('p99', 119), 'unmet');
  assert.equal(of('max', 800), 'met');
  assert.equal(of('p90', 80), 'met');
});

test('a latency that is just over its limit does not read as if it were on it', () => {
  const [, , found] = judged([aLoad({ latencyMs: { p95: 200.2 } })]);

  assert.deepEqual([found?.observed, found?.limit], ['200.2 ms', 'at most 200 ms']);
});

test('what is not a number bounds nothing', () => {
  const [, , found] = judged([aLoad({ latencyMs: { p95: NaN, p99: NaN, p50: NaN } })]);

  assert.equal(found?.state, 'unknown');
  assert.equal(found.observed, 'not in the report');
});

test('each of several loads must show it', () => {
  const bad = aLoad({ latencyMs: { p95: 201 } });

  assert.equal(outcomeOf(judged([aLoad(), aLoad()])), 'PASS');
  assert.equal(outcomeOf(judged([aLoad(), bad])), 'FAIL');
});

test('what quantiles bound agrees with the quantile itself', () => {
  const names = ['p50', 'p75', 'p90', 'p95', 'p97.5', 'p99', 'p99.9', 'max'];
  const sorted = fc
    .array(fc.integer({ min: 1, max: 400 }), { minLength: 8, maxLength: 8 })
    .map((values) => values.toSorted((a, b) => a - b));
  const reported = fc.subarray(names);
  fc.assert(
    fc.property(sorted, reported, fc.constantFrom(...names), (values, kept, quantile) => {
      const all = Object.fromEntries(names.map((name, at) => [name, values[at] ?? 0]));
      const latencyMs = Object.fromEntries(kept.map((name) => [name, all[name] ?? 0]));
      const [, , found] = judged([aLoad({ latencyMs })], latency(quantile, 200));

      const isMet = (all[quantile] ?? 0) <= 200;
      assert.notEqual(found?.state, isMet ? 'unmet' : 'met');
      if (kept.includes(quantile)) assert.notEqual(found?.state, 'unknown');
    }),
  );
});
