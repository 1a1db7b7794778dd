import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distributionOf } from './distribution.ts';

test('quantiles are measured values, by nearest rank', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);

  assert.deepEqual(distributionOf(values), { count: 100, median: 50, p95: 95, p99: 99, max: 100 });
});

test('a single value is every figure', () => {
  assert.deepEqual(distributionOf([7]), { count: 1, median: 7, p95: 7, p99: 7, max: 7 });
});

test('nothing measured says nothing', () => {
  assert.equal(distributionOf([]), null);
});
