import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededDraws } from '../../../test/support/core/seeded-draws.ts';
import { growthOf, GROWTH_SAMPLES_MIN } from './growth.ts';

interface Service {
  /** How long it runs, one reading a second. */
  readonly seconds: number;
  /** Of one collection of garbage after the other, on average. */
  readonly collectEvery: number;
  /** Until its caches are filled by two thirds; they take 60 MiB. */
  readonly warmFor: number;
  /** What it has lost in the end, of the 140 MiB that it takes up when it is warm. */
  readonly leaks?: number;
}

/** In MiB: 80 at first, caches, what leaks, and up to 52 of garbage; no tooth is like the other. */
function memoryOf(seed: number, service: Service): readonly { atMs: number; value: number }[] {
  const { seconds, collectEvery, warmFor, leaks = 0 } = service;
  const draws = seededDraws(seed);
  const tooth = () => ({
    seconds: collectEvery * (0.7 + 0.6 * draws.uniform()),
    height: 40 * (0.7 + 0.6 * draws.uniform()),
    floor: 2 * draws.normal(),
  });
  let current = tooth();
  let filled = draws.uniform();
  return Array.from({ length: seconds }, (_, second) => {
    filled += 1 / current.seconds;
    if (filled >= 1) [current, filled] = [tooth(), 0];
    const warmth = 60 * (1 - Math.exp(-second / warmFor));
    const garbage = current.height * filled + current.floor + 0.2 * draws.normal();
    const value = 80 + warmth + (140 * leaks * second) / seconds + garbage;
    return { atMs: 1_000 * second, value };
  });
}

function shareFound(runs: number, service: Service): number {
  const seeds = Array.from({ length: runs }, (_, seed) => seed);
  return seeds.filter((seed) => growthOf(memoryOf(seed, service))?.isReal === true).length / runs;
}

const RUNS = 1_000;

for (const seconds of [90, 180, 600]) {
  test(`within ${seconds} s, garbage and caches that fill are hardly ever taken for a leak`, () => {
    for (const collectEvery of [2, 10, seconds / 6, seconds / 4, seconds / 3]) {
      const service = { seconds, collectEvery, warmFor: seconds / 6 };
      const wrongly = shareFound(RUNS, service);
      assert.ok(wrongly <= 0.005, `${wrongly} of those that collect every ${collectEvery} s`);
    }
  });
}

test('a leak is found by what it has added, the better the longer it is looked at', () => {
  const found = [90, 180, 600].map((seconds) =>
    shareFound(RUNS, { seconds, collectEvery: 10, warmFor: seconds / 12, leaks: 0.5 }),
  );

  const [soon = 0, later = 0, last = 0] = found;
  assert.ok(soon > 0.15 && later > 0.98 && last === 1, found.join(', '));
});

test('memory that only rises grows by what it does; level or falling, it does not', () => {
  const rising = Array.from({ length: 100 }, (_, at) => ({ atMs: 1_000 * at, value: 100 + at }));
  const level = rising.map(({ atMs }) => ({ atMs, value: 100 }));
  const falling = rising.map(({ atMs, value }) => ({ atMs, value: 300 - value }));

  assert.deepEqual(growthOf(rising), { perMs: 0.001, overMs: 49_000, isReal: true });
  assert.deepEqual(growthOf(level), { perMs: 0, overMs: 49_000, isReal: false });
  assert.equal(growthOf(falling)?.isReal, false);
});

test('a creep that does not matter is none, however steady', () => {
  const creeping = (by: number) =>
    Array.from({ length: 100 }, (_, at) => ({ atMs: 1_000 * at, value: 100 + (by * at) / 50 }));

  assert.equal(growthOf(creeping(4))?.isReal, false);
  assert.equal(growthOf(creeping(6))?.isReal, true);
});

test('too few readings say nothing', () => {
  const points = Array.from({ length: GROWTH_SAMPLES_MIN }, (_, at) => ({ atMs: at, value: at }));

  assert.equal(growthOf(points.slice(1)), null);
  assert.notEqual(growthOf(points), null);
});
