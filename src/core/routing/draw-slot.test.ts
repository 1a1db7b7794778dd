import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { seededDraws } from '../../../test/support/core/seeded-draws.ts';
import { drawSlot } from './draw-slot.ts';

const aSlot = (name: string, weight: number) => ({ name, weight, turns: 0 });

test('in every hundred draws each slot has exactly its share, whatever chance says', () => {
  const weights = fc
    .array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 4 })
    .map((cuts) => [0, ...cuts.sort((left, right) => left - right), 100])
    .map((cuts) => cuts.slice(1).map((cut, index) => cut - cuts[index]!));
  const chances = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
    ...{ minLength: 300, maxLength: 300 },
  });
  fc.assert(
    fc.property(weights, chances, (shares, uniforms) => {
      const slots = shares.map((weight) => ({ weight, turns: 0, drawn: 0 }));
      for (const [at, uniform] of uniforms.entries()) {
        drawSlot(slots, uniform)!.drawn += 1;
        if ((at + 1) % 100 > 0) continue;
        const hundreds = (at + 1) / 100;
        assert.deepEqual(
          slots.map(({ drawn }) => drawn),
          shares.map((share) => share * hundreds),
        );
      }
    }),
    { numRuns: 50 },
  );
});

test('a share is exact as soon as it can be: one in every ten of a tenth', () => {
  const draws = seededDraws(7);
  const slots = [aSlot('stable', 90), aSlot('candidate', 10)];
  for (let round = 0; round < 50; round += 1) {
    const drawn = Array.from({ length: 10 }, () => drawSlot(slots, draws.uniform())?.name);
    assert.equal(drawn.filter((name) => name === 'candidate').length, 1);
  }
});

test('a client that sends two kinds of requests in turn meets both releases with both', () => {
  const draws = seededDraws(7);
  const slots = [aSlot('stable', 50), aSlot('candidate', 50)];
  let ofFirstKind = 0;
  for (let pair = 0; pair < 1_000; pair += 1) {
    if (drawSlot(slots, draws.uniform())?.name === 'candidate') ofFirstKind += 1;
    drawSlot(slots, draws.uniform());
  }
  // Half of a thousand, give or take four standard deviations.
  assert.ok(Math.abs(ofFirstKind - 500) < 64, `${ofFirstKind} of 1,000`);
});

test('each place of a round is as likely as any other', () => {
  const draws = seededDraws(7);
  const slots = [aSlot('stable', 90), aSlot('candidate', 10)];
  const places = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 20_000; draw += 1) {
    if (drawSlot(slots, draws.uniform())?.name === 'candidate') places[draw % 10]! += 1;
  }
  for (const count of places) assert.ok(Math.abs(count - 200) < 55, String(places));
});

test('without weight nothing is drawn', () => {
  assert.equal(drawSlot([aSlot('stable', 0)], 0.5), null);
  assert.equal(drawSlot([], 0.5), null);
});
