import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { COPIES_PREFIX } from './copies-prefix.ts';
import { withoutCopy } from './without-copy.ts';

const copies = join(tmpdir(), COPIES_PREFIX);
const copy = `${copies}aB3xY9/of-lint/`;

test('a place is told without the folder of the copy, wherever it stands', () => {
  const texts: Readonly<Record<string, string>> = {
    [`${copy}src/a.js:3:1`]: 'src/a.js:3:1',
    [`file://${copy}src/a.js`]: 'src/a.js',
    [`FILE://${copy}src/a.js`]: 'src/a.js',
    [`see "${copy}a.js" and ${copy}b.js`]: 'see "a.js" and b.js',
    [`${copy.slice(0, -8)}base/a.js`]: 'a.js',
    [`${copies}short/a.js`]: `${copies}short/a.js`,
    'a.js': 'a.js',
  };

  for (const [text, wanted] of Object.entries(texts)) assert.equal(withoutCopy(text), wanted);
});

test('a folder of what is checked that is called as a copy is no copy', () => {
  const named = `${COPIES_PREFIX}aaaaaa/x/bait.txt`;
  const others = [
    named,
    `lib/${named}`,
    `/src/lib/${named}`,
    `/srv/${named}`,
    `lib${copy}bait.txt`,
  ];

  for (const text of others) assert.equal(withoutCopy(text), text);
  assert.equal(withoutCopy(`${copy}lib/${named}`), `lib/${named}`);
  assert.equal(withoutCopy(`${copy}${copy}a.js`), `${copy}a.js`);
});

test('a text of megabytes takes as many steps as it has characters', () => {
  const long = `${'/a'.repeat(2_000_000)} ${copy}a.js`;

  assert.ok(withoutCopy(long).endsWith(' a.js'));
});
