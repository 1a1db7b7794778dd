import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeOf } from '../validation/judge-report.ts';
import { verificationCriteria, type RestoredFacts } from './verification.ts';

const orders = { name: 'orders', size: 10, hash: '1' };

function outcome(changes: Partial<RestoredFacts> = {}): string {
  return outcomeOf(
    verificationCriteria({
      ...{ taken: [orders], restored: [orders], faults: [], partsMin: 1 },
      ...changes,
    }),
  );
}

test('a backup passes when what is restored is what was taken, and whole', () => {
  assert.equal(outcome(), 'PASS');
  assert.equal(outcome({ restored: [{ ...orders, hash: '2' }] }), 'FAIL');
  assert.equal(outcome({ faults: ['an index points to nothing'] }), 'FAIL');
});

test('where nobody could look at its structure it passes by its content, and says so', () => {
  const criteria = verificationCriteria({
    ...{ taken: [orders], restored: [orders], faults: null, partsMin: 1 },
  });

  assert.equal(outcomeOf(criteria), 'PASS');
  assert.ok(criteria.some(({ observed }) => observed === 'not looked for'));
});

test('one of nothing is equal to one of nothing, and is none', () => {
  assert.equal(outcome({ taken: [], restored: [] }), 'ERROR');
  assert.equal(outcome({ partsMin: 2 }), 'ERROR');
});
