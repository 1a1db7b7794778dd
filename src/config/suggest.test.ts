import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suggest } from './suggest.ts';

const words = ['rollback', 'rollout', 'probes', 'lease'];

test('a swapped, missing, wrong or extra letter is understood', () => {
  assert.deepEqual(
    ['rollbakc', 'rolback', 'rollbuck', 'rollbackk', 'Lease'].map((word) => suggest(word, words)),
    ['rollback', 'rollback', 'rollback', 'rollback', 'lease'],
  );
});

test('nothing is suggested for a word that is too far from all', () => {
  assert.equal(suggest('weights', words), undefined);
  assert.equal(suggest('', words), undefined);
});
