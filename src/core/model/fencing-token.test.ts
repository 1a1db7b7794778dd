import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareTokens } from './fencing-token.ts';

test('a later deployment is newer whatever its sequence', () => {
  assert.ok(
    compareTokens({ deployment: 2, sequence: 1 }, { deployment: 1, sequence: 1_000_000 }) > 0,
  );
});

test('within a deployment the sequence decides', () => {
  assert.ok(compareTokens({ deployment: 1, sequence: 1 }, { deployment: 1, sequence: 2 }) < 0);
  assert.equal(compareTokens({ deployment: 1, sequence: 2 }, { deployment: 1, sequence: 2 }), 0);
});
