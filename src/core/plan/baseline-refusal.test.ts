import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { baselineRefusal } from './baseline-refusal.ts';

const canary = (...weights: readonly number[]) =>
  ({ kind: 'canary', steps: weights.map((weight) => ({ weight })) }) as const;

test('a baseline that cannot be as much as the candidate is refused with what to do instead', () => {
  assert.match(
    baselineRefusal({ kind: 'rolling' }, 1, 4) ?? '',
    /say strategy: canary instead of rolling/,
  );
  assert.match(baselineRefusal(canary(10, 75, 100), 4, 4) ?? '', /beside 75 % .* at 50 or less/);
  assert.match(
    baselineRefusal(canary(10, 50, 100), 1, 4) ?? '',
    /^1 instance cannot carry the 50 % that 2 of 4 serve now; say instances: 2/,
  );
  assert.equal(baselineRefusal(canary(10, 50, 100), 1, 2), null);
  assert.equal(baselineRefusal(canary(25, 100), 1, 4), null);
});

test('whatever is not refused, no instance of it carries more than one of the stable pool', () => {
  const counts = fc.integer({ min: 1, max: 64 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99 }), counts, counts, (weight, baseline, stable) => {
      fc.pre(baselineRefusal(canary(weight, 100), baseline, stable) === null);

      assert.ok(weight / baseline <= 100 / stable);
      assert.ok(2 * weight <= 100);
    }),
  );
});
