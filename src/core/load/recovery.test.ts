import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { recoveredAfterMs } from './recovery.ts';

const windowsOf = (good: readonly boolean[]) =>
  good.map((isGood, at) => ({ startMs: 100 + at * 250, isGood }));

test('a target has recovered when two windows in a row are good, from the first of them on', () => {
  assert.equal(recoveredAfterMs(windowsOf([true, true])), 100);
  assert.equal(recoveredAfterMs(windowsOf([false, true, false, true, true])), 850);
});

test('one good window is no recovery', () => {
  assert.equal(recoveredAfterMs(windowsOf([])), null);
  assert.equal(recoveredAfterMs(windowsOf([true])), null);
  assert.equal(recoveredAfterMs(windowsOf([false, true, false, true])), null);
});

test('a recovery never begins in a bad window, nor later than two good ones', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 20 }), (good) => {
      const found = recoveredAfterMs(windowsOf(good));
      const pair = good.findIndex((isGood, at) => isGood && good[at + 1] === true);

      assert.equal(found, pair < 0 ? null : 100 + pair * 250);
    }),
  );
});
