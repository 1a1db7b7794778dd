import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dependencyOrder } from './dependency-order.ts';

test('what others depend on comes first, and the given order is kept elsewhere', () => {
  const order = dependencyOrder({ web: ['api', 'auth'], mail: [], api: ['auth'], auth: [] });

  assert.deepEqual(order, { kind: 'ordered', names: ['auth', 'api', 'web', 'mail'] });
});

test('services that depend on each other are named in their circle, without those that lead to it', () => {
  const order = dependencyOrder({ web: ['api'], api: ['auth'], auth: ['api'] });

  assert.deepEqual(order, { kind: 'circle', names: ['api', 'auth'] });
  assert.deepEqual(dependencyOrder({ web: ['web'] }), { kind: 'circle', names: ['web'] });
});

test('a name of which every object has something by itself depends on nothing that nobody declared', () => {
  for (const name of Object.getOwnPropertyNames(Object.prototype)) {
    const order = dependencyOrder({ web: [name] });

    assert.deepEqual(order, { kind: 'ordered', names: [name, 'web'] });
  }
});

test('whatever depends on what without a circle, each comes once, behind all that it needs', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  // Each depends on some of those before it, and all are given in any order.
  const graphs = fc.tuple(
    fc.tuple(...names.map((_, index) => fc.subarray(names.slice(0, index)))),
    fc.shuffledSubarray(names, { minLength: names.length }),
  );
  fc.assert(
    fc.property(graphs, ([needed, given]) => {
      const dependsOn = Object.fromEntries(
        given.map((name) => [name, needed[names.indexOf(name)] ?? []]),
      );

      const order = dependencyOrder(dependsOn);

      assert.equal(order.kind, 'ordered');
      assert.deepEqual(order.names.toSorted(), names);
      for (const [place, name] of order.names.entries()) {
        for (const each of dependsOn[name] ?? []) assert.ok(order.names.indexOf(each) < place);
      }
    }),
  );
});
