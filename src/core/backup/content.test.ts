import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareContents, type ContentPart } from './content.ts';

const anyContent = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    size: fc.nat(5),
    hash: fc.constantFrom('1', '2'),
  }),
  { selector: ({ name }) => name },
);

test('the same content is the same in whatever order it is listed', () => {
  fc.assert(
    fc.property(anyContent, (parts) => {
      assert.deepEqual(compareContents(parts, parts.toReversed()), []);
    }),
  );
});

test('whatever one part of it is changed by, just that part differs', () => {
  const kinds = fc.constantFrom('missing', 'unexpected', 'size', 'hash');
  fc.assert(
    fc.property(anyContent, fc.nat(), kinds, (parts, at, kind) => {
      fc.pre(parts.length > 0);
      const changed = parts[at % parts.length]!;
      const others = parts.filter((part) => part !== changed);
      const by: Readonly<Record<typeof kind, readonly ContentPart[]>> = {
        missing: others,
        unexpected: [...parts, { ...changed, name: 'new' }],
        size: [...others, { ...changed, size: changed.size + 1 }],
        hash: [...others, { ...changed, hash: '3' }],
      };

      const found = compareContents(parts, by[kind]);

      assert.deepEqual(
        found.map(({ part, ...difference }) => [part, difference.kind]),
        [[kind === 'unexpected' ? 'new' : changed.name, kind]],
      );
    }),
  );
});

test('a difference says what was there and what is', () => {
  const table = { name: 'shop.public.orders', size: 10, hash: '1' };

  assert.equal(
    compareContents([table], [{ ...table, size: 9 }])[0]?.observed,
    'shop.public.orders has 9, not 10',
  );
});
