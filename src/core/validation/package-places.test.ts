import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedPlace } from './found-place.ts';
import { packagePlaces } from './package-places.ts';

const lodash = { name: 'lodash', version: '4.17.15' };
const textsOf = (files: readonly string[]): readonly string[] =>
  packagePlaces({ ...lodash, version: null }, files).map(({ text }) => text);
const many = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${at}.json`);

test('a package is in each of its files, once, and at its name where it has none', () => {
  assert.deepEqual(textsOf(['a', 'b', 'a']), ['lodash in a', 'lodash in b']);
  assert.deepEqual(textsOf([]), ['lodash']);
  assert.deepEqual(textsOf(['a', '']), ['lodash in a', 'lodash']);
});

test('it is meant by its name, with its version and without, and by its file', () => {
  assert.deepEqual(packagePlaces(lodash, ['app/package-lock.json', '']), [
    {
      text: 'lodash 4.17.15 in app/package-lock.json',
      spot: 'lodash 4.17.15 in app/package-lock.json',
      paths: ['app/package-lock.json'],
      names: ['lodash 4.17.15', 'lodash'],
    },
    namedPlace('lodash 4.17.15', 'lodash'),
  ]);
});

test('one in files without end is in none of them', () => {
  assert.equal(textsOf(many(1_000)).length, 1_000);
  assert.deepEqual(textsOf(many(1_001)), ['lodash']);
});
