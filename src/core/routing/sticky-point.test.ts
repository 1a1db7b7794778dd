import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { slotAtPoint } from './slot-at-point.ts';
import { stickyPointOf } from './sticky-point.ts';

const KEYS = 20_000;

test('keys of every make take the share that the weight says', () => {
  const makes: readonly ((index: number) => string)[] = [
    (index) => String(index),
    (index) => `user-${index}@example.org`,
    (index) => `${index}`.padStart(32, '0'),
    (index) => 'x'.repeat(index % 64) + String(index),
  ];
  for (const make of makes) {
    for (const weight of [1, 10, 50, 90]) {
      const chosen = keysBelow(make, weight, 7).length;

      const expected = (KEYS * weight) / 100;
      // Five standard deviations of as many independent clients.
      const deviation = 5 * Math.sqrt(expected * (1 - weight / 100));
      assert.ok(Math.abs(chosen - expected) < deviation, `${chosen} of ${KEYS} at ${weight} %`);
    }
  }
});

test('another deployment picks others: who was chosen is no more likely to be chosen again', () => {
  const first = new Set(keysBelow(String, 10, 7));

  const again = keysBelow(String, 10, 8).filter((key) => first.has(key));

  assert.ok(Math.abs(again.length - 200) < 5 * Math.sqrt(200), `${again.length} of 2000 twice`);
});

test('who is on the candidate stays there while its weight rises, in any order of the pools', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.nat(1_000),
      fc.uniqueArray(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 6 }),
      fc.boolean(),
      (key, deployment, weights, isCandidateFirst) => {
        const point = stickyPointOf(key, deployment);
        const chosen = weights
          .sort((left, right) => left - right)
          .map((weight) => chosenAt(point, weight, isCandidateFirst));

        const since = chosen.indexOf('candidate');
        if (since >= 0) assert.ok(chosen.slice(since).every((name) => name === 'candidate'));
        assert.equal(chosenAt(point, 0, isCandidateFirst), 'stable');
        assert.equal(chosenAt(point, 100, isCandidateFirst), 'candidate');
      },
    ),
  );
});

test('where no pool has weight nobody gets one', () => {
  const stable = { weight: 0 };

  assert.equal(slotAtPoint([stable], stable, 5), null);
  assert.equal(slotAtPoint([], null, 5), null);
});

function keysBelow(
  make: (index: number) => string,
  weight: number,
  deployment: number,
): readonly string[] {
  const keys = Array.from({ length: KEYS }, (_, index) => make(index));
  return keys.filter((key) => stickyPointOf(key, deployment) < weight);
}

function chosenAt(point: number, weight: number, isCandidateFirst: boolean): string | undefined {
  const candidate = { name: 'candidate', weight };
  const stable = { name: 'stable', weight: 100 - weight };
  const slots = isCandidateFirst ? [candidate, stable] : [stable, candidate];
  return slotAtPoint(slots, stable, point)?.name;
}
