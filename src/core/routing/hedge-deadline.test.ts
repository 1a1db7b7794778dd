import assert from 'node:assert/strict';
import test from 'node:test';
import { bucketOf } from '../model/histogram.ts';
import { HEDGE_SAMPLES_MIN, hedgeDeadlineUs } from './hedge-deadline.ts';

test('a quick route is late 60 ms after its median, a slow one at one and a half of its p99', () => {
  assert.ok(isNear(deadlineOf([[5_000, 200]]), 65_000));
  assert.ok(isNear(deadlineOf([[100_000, 180]], [[400_000, 20]]), 600_000));
});

test('too few answers make nobody late', () => {
  assert.equal(deadlineOf([[5_000, HEDGE_SAMPLES_MIN - 1]]), null);
  assert.notEqual(deadlineOf([[5_000, HEDGE_SAMPLES_MIN]]), null);
});

function deadlineOf(...times: readonly (readonly (readonly [us: number, count: number])[])[]) {
  return hedgeDeadlineUs(times.flat().map(([us, count]) => [bucketOf(us), count]));
}

function isNear(value: number | null, wanted: number): boolean {
  return value !== null && value >= wanted && value < wanted * 1.02;
}
