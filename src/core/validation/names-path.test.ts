import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesFolder, namesPath } from './names-path.ts';

test('a place names a file whole, wherever it stands in it', () => {
  const named = [
    'a.js',
    './a.js',
    '/a.js',
    'a.js:3:1',
    'lodash in /a.js',
    'lodash 4.17.15 in a.js',
    '"a.js"',
  ];
  const others = [
    'lib/a.js',
    '/srv/shop/a.js:3:1',
    '../a.js',
    'data.js',
    'a.json',
    'a.js.map',
    'src/data.js:3',
    'aa.js',
    'b.js',
    '',
  ];

  for (const place of named) assert.ok(namesPath(place, 'a.js'), place);
  for (const place of others) assert.ok(!namesPath(place, 'a.js'), place);
  assert.ok(namesPath('data.js, a.js', 'a.js'));
});

test('a place names a folder when it is below it', () => {
  const below = ['vendor/a.js', './vendor/b/a.js:3', 'lodash 4.17.15 in vendor/a.js'];
  const outside = ['vendor/../a.js', './vendor/b/../../a.js', 'vendor/..', 'vendor/..:3'];
  const encoded = ['GET /vendor/%2e%2E/a', 'vendor/.%2e?a', String.raw`vendor/..\a.js`];
  const dotted = ['vendor/..a.js', 'vendor/a..js', 'vendor/a../b.js', 'vendor/.../b.js'];
  for (const place of [...outside, ...encoded]) assert.ok(!namesFolder(place, 'vendor/'), place);
  for (const place of dotted) assert.ok(namesFolder(place, 'vendor/'), place);
  const others = ['lib/vendor/a.js', 'my-vendor/a.js', 'vendor.js', 'vendor', 'vendor/'];

  for (const place of below) assert.ok(namesFolder(place, 'vendor/'), place);
  for (const place of others) assert.ok(!namesFolder(place, 'vendor/'), place);
});
