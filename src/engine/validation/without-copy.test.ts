import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COPIES_PREFIX } from './copies-prefix.ts';
import { withoutCopy } from './without-copy.ts';

const copy = `/tmp/${COPIES_PREFIX}aB3xY9/of-lint/`;

test('a place is told without the folder of the copy, wherever it stands', () => {
  const texts: Readonly<Record<string, string>> = {
    [`${copy}src/a.js:3:1`]: 'src/a.js:3:1',
    [`file://${copy}src/a.js`]: 'src/a.js',
    [`see "${copy}a.js" and ${copy}b.js`]: 'see "a.js" and b.js',
    [`${copy.slice(0, -8)}base/a.js`]: 'a.js',
    [`/tmp/${COPIES_PREFIX}short/a.js`]: `/tmp/${COPIES_PREFIX}short/a.js`,
    'a.js': 'a.js',
  };

  for (const [text, wanted] of Object.entries(texts)) assert.equal(withoutCopy(text), wanted);
});

test('a text of megabytes takes as many steps as it has characters', () => {
  const long = `${'/a'.repeat(2_000_000)} ${copy}a.js`;

  assert.ok(withoutCopy(long).endsWith(' a.js'));
});
