import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quickDraws } from './quick-draws.ts';

const DRAWS = 20_000;

function momentsOf(draw: () => number): { readonly mean: number; readonly variance: number } {
  const values = Array.from({ length: DRAWS }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / DRAWS;
  return { mean, variance };
}

for (const expected of [0.05, 3, 39, 41, 5_000]) {
  test(`counts of ${expected} on average have that mean and that variance`, () => {
    const draws = quickDraws(1);

    const { mean, variance } = momentsOf(() => draws.poisson(expected));

    assert.ok(Math.abs(mean - expected) < 4 * Math.sqrt(expected / DRAWS), String(mean));
    assert.ok(Math.abs(variance / expected - 1) < 0.1, String(variance));
  });
}

for (const mean of [0.4, 3, 400]) {
  test(`${mean} spread over shares fall on each as on it alone`, () => {
    const draws = quickDraws(2);
    const shares = Float64Array.of(0.5, 0, 0.3, 0.2);
    const sums = new Float64Array(4);
    let squares = 0;

    for (let run = 0; run < DRAWS; run += 1) {
      const counts = draws.spread(mean, shares);
      counts.forEach((count, at) => (sums[at] = (sums[at] ?? 0) + count));
      squares += ((counts[0] ?? 0) - mean / 2) ** 2;
    }

    shares.forEach((share, at) => {
      const slack = 4 * Math.sqrt((mean * share) / DRAWS);
      assert.ok(Math.abs((sums[at] ?? 0) / DRAWS - mean * share) <= slack, `share ${share}`);
    });
    assert.ok(Math.abs(squares / DRAWS / (mean / 2) - 1) < 0.1);
  });
}

test('of nothing nothing is drawn', () => {
  const draws = quickDraws(1);

  assert.equal(draws.poisson(0), 0);
  assert.deepEqual([...draws.spread(0, Float64Array.of(1))], [0]);
});

test('the same seed draws the same, the next one does not', () => {
  const drawn = (seed: number): readonly number[] => {
    const draws = quickDraws(seed);
    return [draws.uniform(), draws.normal(), draws.poisson(3), draws.poisson(300)];
  };

  assert.deepEqual(drawn(7), drawn(7));
  assert.notDeepEqual(drawn(7), drawn(8));
});
