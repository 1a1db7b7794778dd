import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MetricSample } from '../fact.ts';
import type { MetricLimit } from '../rule.ts';
import { newTally } from '../tally.ts';
import { metricsCriteria } from './metrics-criteria.ts';

function aLimit(changes: Partial<MetricLimit> = {}): MetricLimit {
  return { name: 'memory', labels: {}, min: null, max: 500, ...changes };
}

function sample(value: number, labels: MetricSample['labels'] = {}, name = 'memory'): MetricSample {
  return { name, labels, value };
}

function judged(limit: MetricLimit, ...metrics: readonly MetricSample[]) {
  const [criterion] = metricsCriteria(
    { subject: 'metrics', limits: [limit] },
    { ...newTally(), metrics: [...metrics] },
  );
  return criterion;
}

test('a value within its limits meets them, and one on a limit does, too', () => {
  assert.equal(judged(aLimit(), sample(500))?.state, 'met');
  assert.equal(judged(aLimit({ min: 500 }), sample(500))?.state, 'met');
  assert.equal(judged(aLimit(), sample(500.1))?.state, 'unmet');
  assert.equal(judged(aLimit({ min: 1 }), sample(0))?.state, 'unmet');
});

test('a series that is missing, or one with other labels, shows nothing', () => {
  const five = aLimit({ labels: { code: '500' } });

  assert.equal(judged(aLimit())?.state, 'unknown');
  assert.equal(judged(aLimit(), sample(1, {}, 'memory_total'))?.state, 'unknown');
  assert.equal(judged(five, sample(1), sample(1, { code: '200' }))?.state, 'unknown');
  assert.equal(judged(aLimit({ labels: { constructor: 'a' } }), sample(1))?.state, 'unknown');
  assert.equal(judged(five, sample(1, { code: '500', path: '/' }))?.state, 'met');
});

test('what is not a number meets no limit, beside others too', () => {
  assert.equal(judged(aLimit(), sample(NaN))?.state, 'unknown');
  const beside = judged(aLimit(), sample(1, { at: 'a' }), sample(NaN, { at: 'b' }));
  assert.equal(beside?.state, 'unknown');
  assert.equal(beside.observed, 'NaN of memory{at="b"}');
  assert.equal(judged(aLimit(), sample(NaN), sample(501))?.state, 'unmet');
});

test('what is endless is beyond every limit on its side', () => {
  const above = judged(aLimit(), sample(Infinity));
  assert.deepEqual([above?.state, above?.observed], ['unmet', 'Infinity']);
  const below = judged(aLimit({ min: 0, max: null }), sample(-Infinity));
  assert.deepEqual([below?.state, below?.observed], ['unmet', '-Infinity']);
});

test('of several series the one that is furthest off is told', () => {
  const samples = [600, 10, 900, 700].map((value, at) => sample(value, { at: String(at) }));
  assert.equal(judged(aLimit(), ...samples)?.observed, '900 of memory{at="2"}');

  const both = aLimit({ min: 100, max: 500 });
  assert.equal(judged(both, sample(550), sample(-50))?.observed, '-50');
  assert.equal(
    judged(aLimit(), sample(1), sample(2, { at: 'b' }))?.observed,
    '2 series, all within',
  );
});

test('limits are met exactly when there is a series and every value lies within', () => {
  const values = fc.array(fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 })), { maxLength: 5 });
  fc.assert(
    fc.property(values, fc.integer({ min: -2, max: 0 }), fc.nat(2), (found, min, max) => {
      const state = judged(aLimit({ min, max }), ...found.map((value) => sample(value)))?.state;

      const isMet = found.length > 0 && found.every((value) => value >= min && value <= max);
      assert.equal(state === 'met', isMet);
      assert.equal(
        state === 'unmet',
        found.some((value) => value < min || value > max),
      );
    }),
  );
});
