import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newHistogram } from './latency-histogram.ts';

test('a quantile is that of the values themselves, in three significant digits', () => {
  const times = fc.array(fc.double({ min: 0.001, max: 3_600_000, noNaN: true }), {
    ...{ minLength: 1, maxLength: 300 },
  });
  fc.assert(
    fc.property(times, fc.constantFrom('p50', 'p75', 'p90', 'p95', 'p99'), (values, name) => {
      const histogram = newHistogram();
      values.forEach(histogram.record);

      const found = histogram.quantile(name) ?? NaN;
      const exact = nearestRank(values, Number(name.slice(1)) / 100);

      assert.ok(Math.abs(found - exact) <= exact / 1_000 + 0.001, `${found} of ${exact}`);
    }),
  );
});

test('the largest value is the last quantile, and the smallest is known', () => {
  const histogram = newHistogram();
  [4, 9, 2].forEach(histogram.record);

  assert.equal(Math.round(histogram.quantile('max') ?? NaN), 9);
  assert.equal(Math.round(histogram.quantile('p99.9') ?? NaN), 9);
  assert.equal(Math.round(histogram.min() ?? NaN), 2);
});

test('without a value there is no quantile, and nothing is too small or too large to count', () => {
  const histogram = newHistogram();
  assert.deepEqual([histogram.quantile('p50'), histogram.min()], [null, null]);

  [0, -1, 1e12].forEach(histogram.record);

  assert.equal(histogram.count(), 3);
});

/** HDR histograms take the rank that is nearest, where others take the next one. */
function nearestRank(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(1, Math.floor(share * sorted.length + 0.5)) - 1] ?? NaN;
}
