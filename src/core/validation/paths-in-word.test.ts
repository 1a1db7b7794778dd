import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathsInWord } from './paths-in-word.ts';

test('a word, or its value, may be a path that leads elsewhere', () => {
  const wholes: Readonly<Record<string, readonly string[]>> = {
    '/srv/my rules/a.md': ['/srv/my rules/a.md'],
    '--config=/srv/a=b/c.yml': ['/srv/a=b/c.yml'],
    '-c/srv/a.yml': ['/srv/a.yml'],
    '@/srv/a': ['/srv/a'],
    'file:///srv/a.md': ['/srv/a.md'],
    'sub/../../a': ['sub/../../a'],
    '../a': ['../a'],
    '~/.cache/db': ['~/.cache/db'],
    '..': ['..'],
  };

  for (const [word, whole] of Object.entries(wholes)) {
    assert.deepEqual(pathsInWord(word).whole, whole, word);
  }
});

test('paths in a script are found where something sets them off', () => {
  const { whole, parts, isUnsure } = pathsInWord(`cat "/a b" </c.txt; x -o@/e,/f >/dev/null`);

  assert.deepEqual([whole, parts], [[], ['/a', '/c.txt', '/e', '/f', '/dev/null']]);
  assert.equal(isUnsure, false);
});

test('what only a shell or a server knows is unsure', () => {
  const unsure = [
    ...['cat $HOME/r', 'cat ${X}', 'cd ~ && ls', 'cat /srv/*.sarif', 'cat /srv/ou?/r', '/my\\ r'],
    ...['cd sub/../..; ls', 'curl http://host/r.sarif', 'https://host/x', '//srv/r', 'cat //srv/r'],
    ...['cat "$(npm root -g)/r"', 'cat `where`', '127.0.0.1:80/r', 'localhost:80/r', 'host:80/r'],
    ...['-rf/srv/r', '-xOf/srv/r.tar', '-isystem/opt/x', '-rf../r', 'grep -rf/srv/pat .'],
  ];

  for (const word of unsure) assert.ok(pathsInWord(word).isUnsure, word);
});

test('what lies below, and a part of a word, leads nowhere else', () => {
  for (const word of ['src/a.js', './b', '{preview.url}/', '--x', '...', 'a..b', 'src/*.js']) {
    const { whole, parts, isUnsure } = pathsInWord(word);
    assert.deepEqual([whole, parts, isUnsure], [[], [], false], word);
  }
});
