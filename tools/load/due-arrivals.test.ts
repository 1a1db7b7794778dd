import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrivalDueMs, dueArrivals, totalArrivals } from './due-arrivals.ts';

test('every arrival is due at its time and not a moment before', () => {
  for (const ratePerSecond of [0.5, 3, 7, 100, 333, 1000]) {
    for (let index = 0; index < 200; index += 1) {
      const dueMs = arrivalDueMs(index, ratePerSecond);

      assert.equal(dueArrivals(dueMs, ratePerSecond, 1000), index + 1);
      assert.equal(dueArrivals(dueMs - 0.01, ratePerSecond, 1000), index);
    }
  }
});

test('after a stall all that was missed is due at once, but not more than the run holds', () => {
  assert.equal(dueArrivals(1500, 100, 1000), 151);
  assert.equal(dueArrivals(60_000, 100, 1000), 1000);
});

test('a run holds the arrivals that are due before its end', () => {
  assert.equal(totalArrivals(100, 30_000), 3000);
  assert.equal(totalArrivals(3, 1000), 3);
  assert.equal(totalArrivals(0.5, 3000), 2);
});
