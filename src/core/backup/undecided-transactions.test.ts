import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { endedMeanwhile, UNDECIDED_MAX, undecidedTransactions } from './undecided-transactions.ts';

test('what ran at the first look, and what began before the second, is undecided', () => {
  assert.deepEqual(undecidedTransactions('10:20:12,15', '12:23:12'), [
    '12',
    '15',
    '20',
    '21',
    '22',
  ]);
  assert.deepEqual(undecidedTransactions('20:20:', '20:20:'), []);
});

test('of these those have ended that run no more, and not those that have not begun', () => {
  assert.deepEqual(endedMeanwhile(['12', '15', '20', '21'], '12:21:12,20'), ['15']);
});

test('looks that lie too far apart leave open what nobody could list', () => {
  assert.equal(undecidedTransactions('5:5:', `5:${UNDECIDED_MAX + 6}:`), null);
  assert.equal(undecidedTransactions('5:5:', `5:${UNDECIDED_MAX + 5}:`)?.length, UNDECIDED_MAX);
});

test('a transaction is seen by the first look, undecided, or begins after the second', () => {
  const xid = fc.integer({ min: 3, max: 60 });
  fc.assert(
    fc.property(xid, xid, fc.uniqueArray(xid), (one, other, numbers) => {
      const [first, second] = one < other ? [one, other] : [other, one];
      const running = numbers.filter((number) => number < first);
      const undecided = undecidedTransactions(`3:${first}:${running.join(',')}`, `3:${second}:`);
      for (let number = 3; number < 60; number += 1) {
        const isSeen = number < first && !running.includes(number);
        assert.equal(undecided?.includes(String(number)), !isSeen && number < second);
      }
    }),
  );
});
