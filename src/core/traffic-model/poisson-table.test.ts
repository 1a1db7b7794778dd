import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countAt, poissonTable } from './poisson-table.ts';

/** Of each count from 0 on its chance, made from the one before. */
function chancesOf(mean: number, length: number): readonly number[] {
  let chance = Math.exp(-mean);
  return Array.from({ length }, (_, count) => (chance *= count === 0 ? 1 : mean / count));
}

for (const mean of [0, 0.25, 1, 7.5, 40, 100]) {
  test(`each count of ${mean} on average stands for as much of the way from 0 to 1 as its chance`, () => {
    const table = poissonTable(mean);
    const { cumulative } = table;
    let before = 0;

    for (const [count, chance] of chancesOf(mean, cumulative.length).entries()) {
      const end = cumulative[count] ?? 0;
      assert.ok(
        Math.abs(end - before - chance) < 1e-11,
        `${count}: ${end - before}, not ${chance}`,
      );
      if (end > before) {
        assert.equal(countAt(table, before), count);
        assert.equal(countAt(table, before + (end - before) / 2), count);
      }
      before = end;
    }
    assert.equal(before, 1);
  });
}

test('the greatest of all draws has a count', () => {
  for (const mean of [0, 3, 100]) {
    const table = poissonTable(mean);
    const greatest = countAt(table, 1 - 2 ** -32);

    assert.ok(greatest >= mean && greatest < table.cumulative.length, String(greatest));
  }
});
