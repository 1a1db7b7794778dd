import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latenciesOf } from '../../../test/support/core/traffic-builder.ts';
import { countOfDense } from '../model/dense-histogram.ts';
import { emptyWindow, extendWindow, latelyOf, type StableWindow } from './stable-window.ts';

test('response times of half an hour ago still set the thresholds, those of three quarters do not', () => {
  let window: StableWindow = emptyWindow;
  const countedAfter: number[] = [];
  for (let minute = 0; minute < 60; minute += 1) {
    const answers = minute === 0 ? latenciesOf(7, 20) : [];
    window = extendWindow(window, answers, { tick: minute, tickMs: 60_000 });
    countedAfter.push(countOfDense(latelyOf(window)));
  }

  assert.equal(countedAfter[30], 7);
  assert.equal(countedAfter[45], 0);
});
