import assert from 'node:assert/strict';
import { test } from 'node:test';
import { worstLevel } from './level.ts';

test('the worst of some levels is it wherever it stands', () => {
  assert.equal(worstLevel(['low', 'critical', 'medium']), 'critical');
  assert.equal(worstLevel(['note']), 'note');
  assert.equal(worstLevel([]), null);
});
