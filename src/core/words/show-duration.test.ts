import assert from 'node:assert/strict';
import test from 'node:test';
import { showDuration } from './show-duration.ts';

test('a duration is shown in two parts at most', () => {
  const shown = {
    0: '0 ms',
    1.26: '1.3 ms',
    12.6: '13 ms',
    999: '999 ms',
    1_000: '1 s',
    59_940: '59.9 s',
    59_960: '1 min',
    72_000: '1 min 12 s',
    3_599_900: '1 h',
    5_400_000: '1 h 30 min',
    259_200_000: '3 d',
  };

  for (const [ms, text] of Object.entries(shown)) assert.equal(showDuration(Number(ms)), text);
});
