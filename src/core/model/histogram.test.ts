import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  bucketOf,
  countOf,
  mergeHistograms,
  partAbove,
  quantileOf,
  upperBoundOf,
  type SparseHistogram,
} from './histogram.ts';

/** From a microsecond to an hour, in microseconds. */
const values = fc.array(fc.double({ min: 1, max: 3.6e9, noNaN: true }), {
  minLength: 1,
  maxLength: 200,
});
const quantiles = fc.double({ min: 0, max: 1, noNaN: true });

const histogramOf = (given: readonly number[]): SparseHistogram =>
  mergeHistograms(given.map((value) => [[bucketOf(value), 1]]));

function nearestRank(given: readonly number[], quantile: number): number {
  const sorted = [...given].sort((left, right) => left - right);
  return sorted[Math.max(1, Math.ceil(quantile * given.length)) - 1] ?? Number.NaN;
}

test('a quantile never flatters, and is off by at most 1.3 %', () => {
  fc.assert(
    fc.property(values, quantiles, (given, quantile) => {
      const exact = nearestRank(given, quantile);
      const read = quantileOf(histogramOf(given), quantile) ?? 0;
      // The logarithm of a value at a bucket's very edge may round into the bucket below.
      assert.ok(read >= exact * (1 - 1e-12), `${read} flatters ${exact}`);
      assert.ok(read <= exact * 1.013, `${read} is too far from ${exact}`);
    }),
  );
});

test('a higher quantile is never lower', () => {
  fc.assert(
    fc.property(values, quantiles, quantiles, (given, left, right) => {
      const histogram = histogramOf(given);
      const [low, high] = left < right ? [left, right] : [right, left];
      assert.ok((quantileOf(histogram, low) ?? 0) <= (quantileOf(histogram, high) ?? 0));
    }),
  );
});

test('merging keeps every count, in whatever order', () => {
  fc.assert(
    fc.property(values, values, (left, right) => {
      const parts = [histogramOf(left), histogramOf(right)];
      assert.deepEqual(mergeHistograms(parts), mergeHistograms([...parts].reverse()));
      assert.deepEqual(mergeHistograms(parts), histogramOf([...left, ...right]));
      assert.equal(countOf(mergeHistograms(parts)), left.length + right.length);
    }),
  );
});

test('without samples there is no quantile', () => {
  assert.equal(quantileOf([], 0.5), null);
  assert.equal(quantileOf(mergeHistograms([]), 0.5), null);
});

test('everything below one shares a bucket whose bound is one', () => {
  assert.equal(bucketOf(0), 0);
  assert.equal(bucketOf(0.99), 0);
  assert.equal(upperBoundOf(0), 1);
});

test('no value above a limit is missed, and none well below it is counted', () => {
  fc.assert(
    fc.property(values, fc.double({ min: 1, max: 3.6e9, noNaN: true }), (given, limit) => {
      const above = countOf(partAbove(histogramOf(given), limit));
      assert.ok(above >= given.filter((value) => value > limit).length);
      assert.ok(above <= given.filter((value) => value > limit / 1.016).length);
    }),
  );
});
