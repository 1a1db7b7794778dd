import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathsInWords } from './paths-in-words.ts';

test('paths that lead elsewhere are found in words and in scripts', () => {
  assert.deepEqual(pathsInWords(['cat', '/srv/a.md', '--config=../b.yml', '~/.cache/db']), [
    ...['/srv/a.md', '../b.yml', '~/.cache/db'],
  ]);
  assert.deepEqual(pathsInWords(['sh', '-c', `cat "/a b" </c.txt; x ./../d -o@/e,/f >/dev/null`]), [
    ...['/a', '/c.txt', './../d', '/e', '/f', '/dev/null'],
  ]);
  assert.deepEqual(pathsInWords(['cp', '..', '/srv/a', '/srv/a']), ['..', '/srv/a']);
});

test('what lies below, an address and a part of a word are none', () => {
  const words = ['src/a.js', './b', 'https://host/x', '{preview.url}/', 'a/../b', '--x', '...'];

  assert.deepEqual(pathsInWords(words), []);
});
