import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { namesFolder, namesPath } from './names-path.ts';

test('a name is that of a file when it is the whole of it', () => {
  for (const name of ['a.js', './a.js', '/a.js']) assert.ok(namesPath(name, 'a.js'), name);
  for (const path of ['a.js', './a.js', '/a.js']) assert.ok(namesPath('a.js', path), path);
});

test('no other name has one that stands in it, whatever stands around it', () => {
  const around = fc.string({ unit: fc.constantFrom(' ', ',', '"', '#', ']', ':', '/', 'b', '..') });
  fc.assert(
    fc.property(around, around, (before, behind) => {
      const name = `${before}a.js${behind}`;
      assert.equal(namesPath(name, 'a.js'), ['a.js', './a.js', '/a.js'].includes(name));
    }),
  );
});

test('a name is below a folder when it begins with it and does not leave it', () => {
  const below = [
    'vendor/',
    'vendor/a.js',
    './vendor/b/a.js',
    '/vendor/a.js',
    'vendor/my legacy/a.js',
  ];
  const dotted = ['vendor/..a.js', 'vendor/a..js', 'vendor/a../b.js', 'vendor/.../b.js'];
  const outside = ['vendor/../a.js', './vendor/b/../../a.js', 'vendor/..', 'vendor/..?a'];
  const encoded = ['vendor/%2e%2E/a', 'vendor/.%2e?a', String.raw`vendor/..\a.js`];
  const others = ['lib/vendor/a.js', 'my vendor/a.js', 'my-vendor/a.js', 'vendor'];

  for (const name of [...below, ...dotted]) assert.ok(namesFolder(name, 'vendor/'), name);
  for (const name of [...outside, ...encoded, ...others])
    assert.ok(!namesFolder(name, 'vendor/'), name);
});
