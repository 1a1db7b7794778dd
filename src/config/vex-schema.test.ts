import assert from 'node:assert/strict';
import { test } from 'node:test';
import { vexProduct } from './vex-schema.ts';

test('a product is called by the version of its release, or by none where that is not known', () => {
  assert.equal(vexProduct('pkg:npm/shop@{version}', '2.0+a'), 'pkg:npm/shop@2.0%2Ba');
  assert.equal(vexProduct('pkg:npm/shop@{version}', null), 'pkg:npm/shop');
  assert.equal(vexProduct('pkg:oci/shop', '2.0'), 'pkg:oci/shop');
});
