import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printableLine } from './printable-line.ts';

test('ordinary text stays as it is', () => {
  assert.equal(printableLine('version "2.0" – naïve 🚀', 100), 'version "2.0" – naïve 🚀');
});

test('line breaks, escape sequences and direction marks are shown instead of obeyed', () => {
  assert.equal(
    printableLine('a\r\nb\t\u001b[31mc\u202ed\0', 100),
    'a\\r\\nb\\t\\u{1b}[31mc\\u{202e}d\\u{0}',
  );
});

test('long text is cut with a mark, never inside a character', () => {
  assert.equal(printableLine('abcdef', 4), 'abc…');
  assert.equal(printableLine('ab🚀🚀', 4), 'ab…');
  assert.equal(printableLine('\n'.repeat(1_000_000), 5), '\\n\\n…');
});
