import assert from 'node:assert/strict';
import { test } from 'node:test';
import { productDoubt } from './product-doubt.ts';

function likeness(named: string, own: string): 'this' | 'another' | 'unknown' {
  const doubt = productDoubt(named, own);
  if (doubt === null) return 'this';
  return doubt.isAnother ? 'another' : 'unknown';
}

test('a product is this one when all that is said of it is true of this', () => {
  const cases: readonly [string, string, ReturnType<typeof likeness>][] = [
    ['pkg:oci/shop', 'pkg:oci/shop', 'this'],
    ['pkg:oci/shop', 'pkg:oci/shop@1.0?arch=arm64', 'this'],
    ['pkg:oci/shop@1.0', 'pkg:oci/shop@1.0', 'this'],
    ['pkg:oci/shop?arch=arm64', 'pkg:oci/shop?arch=arm64&tag=x', 'this'],
    ['pkg:oci/shop@1.0', 'pkg:oci/shop@1.1', 'another'],
    ['pkg:oci/shop@1.0', 'pkg:oci/shop', 'unknown'],
    ['pkg:oci/shop?arch=arm64', 'pkg:oci/shop', 'unknown'],
    ['pkg:oci/shop?arch=arm64', 'pkg:oci/shop?arch=amd64', 'another'],
    ['pkg:npm/shop#lib', 'pkg:npm/shop', 'unknown'],
    ['pkg:npm/shop#lib', 'pkg:npm/shop#bin', 'another'],
    ['pkg:npm/shop', 'pkg:oci/shop', 'another'],
    ['pkg:npm/%40us/shop', 'pkg:npm/shop', 'another'],
    ['pkg:npm/%40us/shop', 'pkg:npm/%40us/shop', 'this'],
    ['pkg:oci/shop', 'pkg:oci/shops', 'another'],
    ['shop', 'pkg:oci/shop', 'unknown'],
    ['', 'pkg:oci/shop', 'unknown'],
  ];

  for (const [named, own, expected] of cases) {
    assert.equal(likeness(named, own), expected, `${named} for ${own}`);
  }
});

test('without a declared product none is it, and the reason names the field', () => {
  assert.deepEqual(productDoubt('pkg:oci/shop', null), {
    isAnother: false,
    why: 'it is about pkg:oci/shop, and vex.product is not declared',
  });
  assert.match(productDoubt('', null)?.why ?? '', /^it is about a product without a name, /);
});
