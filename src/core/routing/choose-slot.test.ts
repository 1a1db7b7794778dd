import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { chooseSlot } from './choose-slot.ts';

test('over any hundred choices every slot has exactly its share', () => {
  const weights = fc
    .array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 4 })
    .map((cuts) => [0, ...cuts.sort((left, right) => left - right), 100])
    .map((cuts) => cuts.slice(1).map((cut, index) => cut - cuts[index]!));
  fc.assert(
    fc.property(weights, fc.integer({ min: 0, max: 250 }), (shares, start) => {
      const slots = shares.map((weight, index) => ({ weight, credit: 0, index, chosen: 0 }));
      for (let step = 0; step < start; step += 1) chooseSlot(slots);

      for (let step = 0; step < 100; step += 1) chooseSlot(slots)!.chosen += 1;

      assert.deepEqual(
        slots.map((slot) => slot.chosen),
        shares,
      );
    }),
    { numRuns: 50 },
  );
});

test('a small share is spread out instead of coming in a run', () => {
  const slots = [
    { name: 'a', weight: 80, credit: 0 },
    { name: 'b', weight: 20, credit: 0 },
  ];

  const chosen = Array.from({ length: 10 }, () => chooseSlot(slots)?.name).join('');

  assert.match(chosen, /^(a{2,4}ba{0,2}){2}$/);
});

test('without weight nothing is chosen', () => {
  assert.equal(chooseSlot([{ weight: 0, credit: 0 }]), null);
  assert.equal(chooseSlot([]), null);
});
