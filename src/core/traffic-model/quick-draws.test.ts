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

/** Of Poisson's distribution: of 0 to 39. */
function chances(mean: number): readonly number[] {
  let chance = Math.exp(-mean);
  return Array.from({ length: 40 }, (_, count) => (chance *= count === 0 ? 1 : mean / count));
}

for (const mean of [0.4, 3, 30, 60]) {
  test(`${mean} spread over shares fall on each as on it alone`, () => {
    const draws = quickDraws(2);
    const shares = Float64Array.of(0.03, 0.5, 0, 0.3, 0.02, 0.15);
    const seen = Array.from(shares, () => new Array<number>(200).fill(0));
    let before: readonly number[] = Array.from(shares, () => 0);
    let together = 0;

    for (let run = 0; run < DRAWS; run += 1) {
      const counts = new Array<number>(shares.length).fill(0);
      draws.spread(mean, shares, (at, count) => (counts[at] = count));
      counts.forEach((count, at) => (seen[at]![count]! += 1));
      together += (counts[0]! - mean * 0.03) * (counts[4]! - mean * 0.02);
      together += (counts[1]! - mean * 0.5) * (counts[3]! - mean * 0.3);
      together += (counts[1]! - mean * 0.5) * (before[1]! - mean * 0.5);
      before = counts;
    }

    shares.forEach((share, at) => {
      const expected = chances(mean * share).map((chance) => chance * DRAWS);
      // Rare counts are left out: of those that are not, the sum of squares has their number as its mean.
      const off = expected.flatMap((times, count) =>
        times < 20 ? [] : [(seen[at]![count]! - times) ** 2 / times],
      );
      const sum = off.reduce((sum, each) => sum + each, 0);
      assert.ok(sum <= off.length + 5 * Math.sqrt(2 * off.length) + 5, `share ${share}: ${sum}`);
      const found = seen[at]!.reduce((sum, times, count) => sum + times * count, 0) / DRAWS;
      const slack = 4 * Math.sqrt((mean * share) / DRAWS);
      assert.ok(Math.abs(found - mean * share) <= slack, `share ${share}: ${found} on average`);
    });
    const deviation = mean * Math.sqrt((0.03 * 0.02 + 0.5 * 0.3 + 0.5 * 0.5) / DRAWS);
    assert.ok(Math.abs(together / DRAWS) <= 4 * deviation, `together ${together / DRAWS}`);
  });
}

test('of nothing nothing is drawn', () => {
  const draws = quickDraws(1);

  assert.equal(draws.poisson(0), 0);
  draws.spread(0, Float64Array.of(1), () => assert.fail('something fell'));
});

test('the same seed draws the same, the next one does not', () => {
  const drawn = (seed: number): readonly number[] => {
    const draws = quickDraws(seed);
    return [draws.uniform(), draws.normal(), draws.poisson(3), draws.poisson(300)];
  };

  assert.deepEqual(drawn(7), drawn(7));
  assert.notDeepEqual(drawn(7), drawn(8));
});
