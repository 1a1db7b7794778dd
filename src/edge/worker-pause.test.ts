import assert from 'node:assert/strict';
import test from 'node:test';
import { workerPauseMs } from './worker-pause.ts';

const pauses = (hasServed: boolean) =>
  [1, 2, 4, 7, 100].map((deaths) => workerPauseMs(deaths, hasServed));

test('a worker that never serves is started less and less often', () => {
  assert.deepEqual(pauses(false), [0, 100, 400, 3_000, 3_000]);
});

test('clients of a worker that served do not wait for long, however often it dies', () => {
  assert.deepEqual(pauses(true), [0, 100, 100, 100, 100]);
});
