import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aWindow } from '../../../test/support/core/window-builder.ts';
import { aPlan } from '../../../test/support/plan-builder.ts';
import { windowsForecast } from './windows-forecast.ts';

const closesMs = Date.parse('2026-11-27T15:30Z');
/** 10 %, 50 % and 100 %, of which each is held for 10 s. */
const plan = aPlan({ windows: [[aWindow()]] });

test('a deploy that holds its shares for longer than its windows are open is told so', () => {
  const justInTime = windowsForecast(plan, closesMs - 30_000);
  const tooLate = windowsForecast(plan, closesMs - 29_999);

  assert.deepEqual(justInTime, {
    ...{ isOpen: true, changesAtMs: closesMs, leastMs: 30_000, closesBefore: false },
  });
  assert.equal(tooLate?.closesBefore, true);
});

test('outside of its windows the forecast is when they open', () => {
  const shut = windowsForecast(plan, closesMs);

  assert.deepEqual(
    [shut?.isOpen, shut?.changesAtMs, shut?.closesBefore],
    [false, Date.parse('2026-11-30T08:00Z'), false],
  );
});

test('there is no forecast where windows are not declared, or not heeded', () => {
  assert.equal(windowsForecast(aPlan(), closesMs), null);
  assert.equal(windowsForecast({ ...plan, kind: 'rollback' }, closesMs), null);
});
