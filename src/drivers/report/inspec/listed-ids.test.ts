import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { newIds, noteControl, withoutResults } from './listed-ids.ts';

test('a control has no results when it has none anywhere, and is told where it stands last', () => {
  const ids = newIds();
  for (const [profile, id, hasResults] of [
    ...[['p', 'a', false] as const, ['p', 'b', true] as const, ['p', 'c', false] as const],
    ...[['q', 'a', true] as const, ['q', 'c', false] as const, ['q', 'b', false] as const],
  ]) {
    noteControl(ids, { id, profile, hasResults });
  }

  assert.deepEqual([...withoutResults(ids)], [4]);
});

test('more controls than can be remembered are refused, and so is an id without end', () => {
  const ids = newIds(3);
  const inOne = { profile: 'p', hasResults: true };
  for (const id of ['a', 'b']) noteControl(ids, { id, ...inOne });
  noteControl(ids, { id: 'b', profile: 'q', hasResults: true });
  noteControl(ids, { id: 'a'.repeat(1_000), ...inOne, hasResults: false });

  const ofMore = failsWith('report-invalid', /more than 3/);
  assert.throws(() => noteControl(ids, { id: 'c', ...inOne, hasResults: false }), ofMore);
  const long = { id: 'a'.repeat(1_001), ...inOne };
  assert.throws(() => noteControl(newIds(), long), failsWith('report-invalid', /longer than/));
});

test('a control that one profile has twice is refused, and one of several profiles is not', () => {
  const ids = newIds();
  noteControl(ids, { id: 'a', profile: 'p', hasResults: true });
  noteControl(ids, { id: 'a', profile: 'q', hasResults: false });
  noteControl(ids, { id: 'b', profile: 'q', hasResults: true });

  const twice = failsWith('report-invalid', /has the control a twice/);
  assert.throws(() => noteControl(ids, { id: 'a', profile: 'q', hasResults: false }), twice);
});
