import assert from 'node:assert/strict';
import { test } from 'node:test';
import { abortMet } from './refused-abort.ts';

test('what a refused abort met is read from records of every age', () => {
  const refused = { kind: 'AbortRefused', actor: 'ada', reason: '' } as const;

  assert.equal(abortMet({ ...refused, met: 'held' }), 'held');
  assert.equal(abortMet({ ...refused, isReverting: true }), 'reverting');
  assert.equal(abortMet(refused), 'going-on');
});
