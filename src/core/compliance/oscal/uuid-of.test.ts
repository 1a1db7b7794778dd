import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuidOf } from './uuid-of.ts';

test('a name has the UUID that RFC 9562 gives it (appendix A.4)', () => {
  const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

  assert.equal(uuidOf('www.example.com', dns), '2ed6657d-e927-568b-95e1-2665a8aea6a2');
});

test('the same name has the same UUID, and another has another', () => {
  assert.equal(uuidOf('a'), uuidOf('a'));
  assert.notEqual(uuidOf('a'), uuidOf('b'));
  assert.match(
    uuidOf('a'),
    /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});
