import assert from 'node:assert/strict';
import test from 'node:test';
import { seededDraws } from '../../../test/support/core/seeded-draws.ts';
import { drawSlot } from './draw-slot.ts';

const tenth = [
  { name: 'stable', weight: 90 },
  { name: 'candidate', weight: 10 },
];

test('each slot has its part of the way from 0 to 1, and none without weight', () => {
  const slots = [
    { name: 'a', weight: 0 },
    { name: 'b', weight: 25 },
    { name: 'c', weight: 0 },
    { name: 'd', weight: 75 },
  ];
  const drawn = [0, 0.249, 0.25, 0.5, 1 - Number.EPSILON].map((at) => drawSlot(slots, at)?.name);
  assert.deepEqual(drawn, ['b', 'b', 'd', 'd', 'd']);
});

test('over many draws each slot has its share', () => {
  const draws = seededDraws(7);
  let drawn = 0;
  for (let draw = 0; draw < 10_000; draw += 1) {
    if (drawSlot(tenth, draws.uniform())?.name === 'candidate') drawn += 1;
  }
  // A thousand, give or take four standard deviations.
  assert.ok(Math.abs(drawn - 1_000) < 120, `${drawn} of 10,000`);
});

test('without weight nothing is drawn', () => {
  assert.equal(drawSlot([{ weight: 0 }], 0.5), null);
  assert.equal(drawSlot([], 0.5), null);
});
