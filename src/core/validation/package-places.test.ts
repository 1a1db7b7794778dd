import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packagePlaces } from './package-places.ts';

const many = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${at}.json`);

test('a package is in each of its files, once, and at its name where it has none', () => {
  assert.deepEqual(packagePlaces('lodash', ['a', 'b', 'a']), ['lodash in a', 'lodash in b']);
  assert.deepEqual(packagePlaces('lodash', []), ['lodash']);
  assert.deepEqual(packagePlaces('lodash', ['a', '']), ['lodash in a', 'lodash']);
});

test('one in files without end is in none of them', () => {
  assert.equal(packagePlaces('lodash', many(1_000)).length, 1_000);
  assert.deepEqual(packagePlaces('lodash', many(1_001)), ['lodash']);
});
