import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newQueue } from './queue.ts';

test('items leave in the order in which they came, however adding and taking mix', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -2_000, max: 3_000 }), { maxLength: 20 }), (steps) => {
      const queue = newQueue<number>();
      const expected: number[] = [];
      let added = 0;
      for (const step of steps) {
        for (let left = step; left > 0; left -= 1) {
          queue.add(added);
          expected.push(added);
          added += 1;
        }
        for (let left = -step; left > 0 && expected.length > 0; left -= 1) {
          assert.equal(queue.first(), expected.shift());
          queue.removeFirst();
        }
        assert.equal(queue.first(), expected[0] ?? null);
      }
    }),
    { numRuns: 30 },
  );
});
