import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { newIds, noteControl, withoutResults } from './listed-ids.ts';

test('a control has no results when it has none anywhere, and is told where it stands last', () => {
  const ids = newIds();
  for (const [id, hasResults] of [
    ...[['a', false] as const, ['b', true] as const, ['c', false] as const],
    ...[['a', true] as const, ['c', false] as const, ['b', false] as const],
  ]) {
    noteControl(ids, id, hasResults);
  }

  assert.deepEqual([...withoutResults(ids)], [4]);
});

test('more controls than can be remembered are refused, and so is an id without end', () => {
  const ids = newIds(3);
  for (const id of ['a', 'b', 'b']) noteControl(ids, id, true);
  noteControl(ids, 'a'.repeat(1_000), false);

  assert.throws(() => noteControl(ids, 'c', false), failsWith('report-invalid'));
  assert.throws(() => noteControl(newIds(), 'a'.repeat(1_001), true), failsWith('report-invalid'));
});
