import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathOfUri } from './path-of-uri.ts';

test('a URI means the path that people write', () => {
  const paths: Readonly<Record<string, string>> = {
    'my%20bait.txt': 'my bait.txt',
    'src/%C3%A9t%C3%A9.js': 'src/été.js',
    'legacy/../src/real.js': 'legacy/../src/real.js',
    'legacy/%2e%2E/src/real.js': 'legacy/%2e%2E/src/real.js',
    'legacy%2Freal.js': 'legacy%2Freal.js',
    './src//./a.js': 'src/a.js',
    '../a.js': '../a.js',
    'src/..': 'src/..',
    'file:///srv/shop/src/./a.js': '/srv/shop/src/a.js',
    'FILE:///srv/a.js': '/srv/a.js',
    'https://example.com/a/../b': 'https://example.com/a/../b',
    'src/a.js': 'src/a.js',
    '': '',
  };

  for (const [uri, path] of Object.entries(paths)) assert.equal(pathOfUri(uri), path, uri);
});

test('a name in which a percent sign escapes nothing stays as it is', () => {
  assert.equal(pathOfUri('100%.txt'), '100%.txt');
  assert.equal(pathOfUri('src/%ff/./a%zz.js'), 'src/%ff/a%zz.js');
});
