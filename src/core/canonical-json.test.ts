import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson } from './canonical-json.ts';

test('the order of keys does not matter', () => {
  assert.equal(
    canonicalJson({ b: [1, { d: 2, c: 'x' }], a: null }),
    '{"a":null,"b":[1,{"c":"x","d":2}]}',
  );
  assert.equal(
    canonicalJson({ a: null, b: [1, { c: 'x', d: 2 }] }),
    '{"a":null,"b":[1,{"c":"x","d":2}]}',
  );
});

test('the order of items matters', () => {
  assert.notEqual(canonicalJson([1, 2]), canonicalJson([2, 1]));
});

test('a key without a value is left out', () => {
  assert.equal(canonicalJson({ a: undefined, b: 1 }), '{"b":1}');
});

test('a value that JSON cannot hold is a bug', () => {
  assert.throws(() => canonicalJson({ a: Number.NaN }), /finite/);
  assert.throws(() => canonicalJson([undefined]), /undefined/);
});
