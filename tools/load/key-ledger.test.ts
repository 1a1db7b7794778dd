import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeyLedger, presentKeys } from './key-ledger.ts';

test('a lost answer may have been done or not; either is fine', () => {
  const ledger = createKeyLedger();
  ledger.add('acknowledged', true);
  ledger.add('unknown but done', false);
  ledger.add('unknown and not done', false);

  const verification = ledger.verify(
    new Map([
      ['acknowledged', 1],
      ['unknown but done', 1],
    ]),
  );

  assert.equal(verification.holds, true);
  assert.equal(verification.doneUnacknowledged, 1);
});

test('a write that nobody sent breaks the verification', () => {
  const verification = createKeyLedger().verify(new Map([['whose?', 1]]));

  assert.deepEqual([verification.holds, verification.foreign], [false, ['whose?']]);
});

test('the keys are read from either form of the answer', () => {
  const keys = [{ key: 'a', count: 1 }];

  assert.deepEqual([...presentKeys({ keys })], [['a', 1]]);
  assert.deepEqual([...presentKeys(keys)], [['a', 1]]);
  assert.throws(() => presentKeys({ keys: [{ key: 'a' }] }), /not \{ key, count \}/);
  assert.throws(() => presentKeys({ error: 'no' }), /holds no list/);
});
