import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutCopy } from './without-copy.ts';

const folder = '/tmp/surefoot-check-aB3xY9';
const real = '/private/tmp/surefoot-check-aB3xY9';
const copy = `${folder}/of-lint/`;
const cut = withoutCopy([real, folder]);

test('a place is told without the folder of the copy, wherever it stands', () => {
  const texts: Readonly<Record<string, string>> = {
    [`${copy}src/a.js:3:1`]: 'src/a.js:3:1',
    [`${real}/of-lint/src/a.js`]: 'src/a.js',
    [`file://${copy}src/a.js`]: 'src/a.js',
    [`FILE://${copy}src/a.js`]: 'src/a.js',
    [`see "${copy}a.js" and [${copy}b.js]`]: 'see "a.js" and [b.js]',
    [`${folder}/base/a.js`]: 'a.js',
    'a.js': 'a.js',
  };

  for (const [text, wanted] of Object.entries(texts)) assert.equal(cut(text), wanted);
});

test('a folder of what is checked that is called as a copy is no copy of this run', () => {
  const named = 'surefoot-check-aaaaaa/x/bait.txt';
  for (const text of [named, `lib/${named}`, `/tmp/${named}`]) assert.equal(cut(text), text);

  assert.equal(cut(`${copy}lib/${named}`), `lib/${named}`);
  assert.equal(cut(folder), folder);
});

test('a text of megabytes takes as many steps as it has characters', () => {
  assert.ok(cut(`${'/a'.repeat(2_000_000)} ${copy}a.js`).endsWith(' a.js'));
});
