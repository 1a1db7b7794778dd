import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from './fact.ts';
import { firstExcuse } from './first-excuse.ts';

const finding: Finding = {
  ...{ rule: 'no-eval', level: 'high', message: '', places: [], isSuppressed: false },
};

test('a valid excuse comes before one that is none, wherever they stand', () => {
  const expired = { isValid: false, why: 'expired' };
  const doubted = { isValid: false, why: 'doubted' };
  const valid = { isValid: true, why: 'valid' };

  assert.equal(firstExcuse([() => expired, () => null, () => valid])(finding), valid);
  assert.equal(firstExcuse([() => null, () => expired, () => doubted])(finding), expired);
  assert.equal(firstExcuse([() => null])(finding), null);
});

test('who excuses only so many is not asked for what another has excused', () => {
  let asked = 0;
  const counted = (): null => {
    asked += 1;
    return null;
  };
  firstExcuse([() => ({ isValid: true, why: 'valid' }), counted])(finding);

  assert.equal(asked, 0);
});
