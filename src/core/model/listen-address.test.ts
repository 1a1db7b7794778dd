import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressesOverlap } from './listen-address.ts';

function overlap(left: string, right: string, ports: readonly [number, number] = [80, 80]) {
  return addressesOverlap({ host: left, port: ports[0] }, { host: right, port: ports[1] });
}

test('addresses overlap when host and port are the same, however they are spelled', () => {
  assert.ok(overlap('127.0.0.1', '127.0.0.1'));
  assert.ok(overlap('localhost', '127.0.0.1'));
  assert.ok(overlap('::1', '0:0:0:0:0:0:0:1'));
  assert.ok(!overlap('127.0.0.1', '127.0.0.2'));
  assert.ok(!overlap('127.0.0.1', '127.0.0.1', [80, 81]));
});

test('a wildcard overlaps with every host on its port', () => {
  for (const wildcard of ['0.0.0.0', '::', '0:0::0']) {
    assert.ok(overlap(wildcard, '10.0.0.1'), wildcard);
    assert.ok(overlap('::1', wildcard), wildcard);
    assert.ok(!overlap(wildcard, '10.0.0.1', [80, 81]), wildcard);
  }
});
