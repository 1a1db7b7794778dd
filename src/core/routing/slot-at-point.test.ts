import assert from 'node:assert/strict';
import test from 'node:test';
import { seededDraws } from '../../../test/support/core/seeded-draws.ts';
import { slotAtPoint } from './slot-at-point.ts';

const stable = { name: 'stable', weight: 60 };
const slots = [
  { name: 'none', weight: 0 },
  stable,
  { name: 'candidate', weight: 10 },
  { name: 'baseline', weight: 30 },
];

test('each slot has its part of the way from 0 to 100, the stable one the last, and none without weight', () => {
  const at = (point: number) => slotAtPoint(slots, stable, point)?.name;

  assert.deepEqual([0, 9.99, 10, 39.99, 40, 100 - 1e-9].map(at), [
    'candidate',
    'candidate',
    'baseline',
    'baseline',
    'stable',
    'stable',
  ]);
});

test('over many drawn points each slot has its share', () => {
  const draws = seededDraws(7);
  let drawn = 0;
  for (let draw = 0; draw < 10_000; draw += 1) {
    if (slotAtPoint(slots, stable, 100 * draws.uniform())?.name === 'candidate') drawn += 1;
  }
  // A thousand, give or take four standard deviations.
  assert.ok(Math.abs(drawn - 1_000) < 120, `${drawn} of 10,000`);
});

test('without weight nothing is drawn', () => {
  assert.equal(slotAtPoint([{ weight: 0 }], null, 50), null);
  assert.equal(slotAtPoint([], null, 50), null);
});
