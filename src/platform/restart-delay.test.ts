import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restartDelayMs } from './restart-delay.ts';

test('the first end is followed by a start at once, the next ones by doubling delays up to 5 s', () => {
  const delays: number[] = [];
  for (let count = 0; count < 9; count += 1) {
    delays.push(restartDelayMs(delays.at(-1) ?? null, 5));
  }

  assert.deepEqual(delays, [0, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
});

test('ten seconds of life forgive everything before', () => {
  assert.equal(restartDelayMs(5000, 9_999), 5000);
  assert.equal(restartDelayMs(5000, 10_000), 0);
});
