import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { databaseSwitchNames, isSwitchable, pathSwitchNames } from './switch-names.ts';

const anyName = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 63 });
const anyId = fc.stringMatching(/^[a-zA-Z0-9][\w-]{0,99}$/);
const names = fc.record({ live: anyName, id: anyId });

test('no two names of databases become one, whatever PostgreSQL cuts off', () => {
  fc.assert(
    fc.property(names, names, (one, other) => {
      fc.pre(one.id !== other.id && Buffer.byteLength(one.live) <= 63);
      const { live, ...first } = databaseSwitchNames(one.live, one.id);
      const { live: _live, ...second } = databaseSwitchNames(one.live, other.id);
      const all = [live, ...Object.values(first), ...Object.values(second)];

      assert.equal(new Set(all).size, all.length);
      assert.ok(all.every((name) => Buffer.byteLength(name) <= 63));
    }),
  );
});

test('an id leads nowhere else', () => {
  assert.deepEqual(
    ['2026-11-29T08-00-00-000Z-d7', '../x', 'a/b', '', '-x', '.x'].map(isSwitchable),
    [...[true, false, false, false, false, false]],
  );
  assert.equal(pathSwitchNames('/srv/media', 'b1').kept, '/srv/media-before-b1');
  assert.equal(databaseSwitchNames('shop', 'b1').restored, 'shop_restored_b1');
});
