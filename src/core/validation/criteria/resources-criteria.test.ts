import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResourceLimits, ResourceSample } from '../resource-sample.ts';
import { resourcesCriteria } from './resources-criteria.ts';

const MIB = 1_024 ** 2;

/** One a second, for so many seconds. */
function judged(
  limits: ResourceLimits,
  seconds: number,
  at: (second: number) => Partial<ResourceSample>,
  durationMs = 1_000 * seconds,
) {
  const samples = Array.from({ length: seconds }, (_, second): ResourceSample => ({
    ...{ atMs: 1_000 * second, memory: 100 * MIB, openFiles: 20, cpuMs: 500 * second },
    ...at(second),
  }));
  return resourcesCriteria(limits, { samples, everyMs: 1_000, durationMs }).map(
    ({ what, observed, limit, state }) => [state, `${what}: ${observed}, ${limit}`],
  );
}

const all: ResourceLimits = { memory: 128 * MIB, openFiles: 30, cpu: 0.8, growth: true };

test('each limit is held against the most, growth against the whole', () => {
  assert.deepEqual(
    judged(all, 90, () => ({})),
    [
      ['met', 'memory, the most: 100 MiB, at most 128 MiB'],
      ['met', 'open files, the most: 20, at most 30'],
      ['met', 'processors used, the most: 0.5, at most 0.8'],
      ['met', 'growth of memory: +0 B a minute over 44 s, no leak shown, none once it is warm'],
    ],
  );
});

test('a single reading above a limit is too much, even of few', () => {
  const peak = (second: number) =>
    second === 3 ? { memory: 200 * MIB, openFiles: 31 } : { cpuMs: 900 * second };

  const found = judged(all, 9, peak);

  assert.deepEqual(
    found.map(([state]) => state),
    ['unmet', 'unmet', 'unmet', 'unknown'],
  );
});

test('a burst of a second is no use of processors, five of them are', () => {
  const burst = (length: number) => (second: number) => ({
    cpuMs: 500 * second + 2_000 * Math.min(length, Math.max(0, second - 20)),
  });

  assert.deepEqual(judged({ cpu: 1 }, 60, burst(1))[0], [
    'met',
    'processors used, the most: 0.9, at most 1',
  ]);
  assert.equal(judged({ cpu: 1 }, 60, burst(5))[0]?.[0], 'unmet');
});

test('too few readings, or untold ones, show nothing', () => {
  const untold = () => ({ memory: null, openFiles: null, cpuMs: null });

  for (const found of [
    judged(all, 9, () => ({})),
    judged(all, 90, untold),
    judged(all, 90, () => ({}), 1_000_000),
  ]) {
    assert.deepEqual(
      found.map(([state]) => state),
      ['unknown', 'unknown', 'unknown', 'unknown'],
    );
  }
  assert.match(String(judged({ memory: 1 }, 90, untold)[0]), /0 readings, where 45 are needed/);
});

test('readings at which processes have taken their time away with them are none', () => {
  const falling = (second: number) => ({ cpuMs: 1_000 * (90 - second) });

  assert.deepEqual(judged({ cpu: 1 }, 90, falling), [
    ['unknown', 'processors used, the most: 0 readings, where 45 are needed, at most 1'],
  ]);
});

test('memory that grows for good is told by how much', () => {
  const leak = (second: number) => ({ memory: (100 + second) * MIB });

  assert.deepEqual(judged({ growth: true }, 90, leak), [
    ['unmet', 'growth of memory: +60 MiB a minute over 44 s, none once it is warm'],
  ]);
});

test('what is not asked for is not judged', () => {
  assert.deepEqual(
    judged({}, 90, () => ({})),
    [],
  );
});
