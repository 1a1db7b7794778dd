import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { schemaDifferences } from './schema-differences.ts';
import type { SchemaObjects } from './schema-objects.ts';
import { schemaSentence } from './schema-sentence.ts';

const orders = {
  'table public.orders': 'a',
  'column public.orders.id': 'b',
  'column public.orders.note': 'c',
};
const shop: SchemaObjects = {
  'public.orders': orders,
  'schema public': { 'schema public': 'd' },
  extensions: { 'extension plpgsql': 'e' },
};

function told(noted: SchemaObjects, found: SchemaObjects): string {
  return schemaSentence(schemaDifferences(noted, found));
}

test('what is gone, new or changed is told by its name', () => {
  const { 'column public.orders.note': _note, ...left } = orders;
  const found = {
    ...shop,
    'public.orders': { ...left, 'column public.orders.id': 'x', 'index i of public.orders': 'y' },
  };

  assert.equal(
    told(shop, found),
    'column public.orders.id is not as it was, column public.orders.note is missing, index i of public.orders is new',
  );
});

test('of an object that is gone or new nothing but itself is told', () => {
  const { 'public.orders': _orders, ...left } = shop;

  assert.equal(told(shop, left), 'table public.orders is missing');
  assert.equal(told(left, shop), 'table public.orders is new');
  const { extensions: _extensions, ...bare } = shop;
  assert.equal(told(shop, bare), 'extension plpgsql is missing');
});

test('of many differences the first are told, and how many there are', () => {
  const many = Object.fromEntries(
    Array.from({ length: 12 }, (_, at) => [`public.t${at}`, { [`table public.t${at}`]: 'a' }]),
  );

  assert.match(told({}, many), /^table public\.t0 is new, .*, and 2 more$/);
});

test('the same has no differences, and what is found both ways is the same', () => {
  const object = fc.dictionary(
    fc.constantFrom('table o', 'column o.a', 'index i of o'),
    fc.string(),
  );
  const objects = fc.dictionary(fc.constantFrom('o', 'p', '__proto__x'), object);

  fc.assert(
    fc.property(objects, objects, (one, other) => {
      assert.deepEqual(schemaDifferences(one, structuredClone(one)), []);
      const there = schemaDifferences(one, other).map(({ what }) => what);
      const back = schemaDifferences(other, one).map(({ what }) => what);
      assert.deepEqual(there, back);
    }),
  );
});
