import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf } from './faults-of.ts';
import { knownBad } from './known-bad.ts';

test('without a name all faults are tried, with some those of these checks', () => {
  assert.equal(faultsOf([]), knownBad);
  assert.deepEqual(
    faultsOf(['unit', 'lint']).map(({ check }) => check),
    ['lint', 'unit', 'unit'],
  );
});

test('a name that no fault is for is refused with those that there are', () => {
  assert.throws(() => faultsOf(['lint', 'nope']), /"nope".*libraries, secrets, .*endurance$/);
});
