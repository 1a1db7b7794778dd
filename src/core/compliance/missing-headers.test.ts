import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingHeaders } from './missing-headers.ts';

const page = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

test('a page with all that it needs lacks nothing, and over TLS it pins that', () => {
  const hsts = { 'strict-transport-security': 'max-age=31536000' };

  assert.deepEqual(missingHeaders({ headers: page, isEncrypted: false }), []);
  assert.deepEqual(missingHeaders({ headers: page, isEncrypted: true }), [
    'strict-transport-security',
  ]);
  assert.deepEqual(missingHeaders({ headers: { ...page, ...hsts }, isEncrypted: true }), []);
});

const lacking: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  'x-content-type-options: nosniff': { 'x-content-type-options': 'sniff' },
  'frame-ancestors or x-frame-options': { 'content-security-policy': "default-src 'self'" },
  'referrer-policy': { 'referrer-policy': undefined },
};

for (const [name, changes] of Object.entries(lacking)) {
  test(`a page without ${name} lacks it`, () => {
    const headers = { ...page, ...changes };

    assert.deepEqual(missingHeaders({ headers, isEncrypted: false }), [name]);
  });
}

test('a policy of nothing, and one that ends at once, are none', () => {
  const headers = { ...page, 'content-security-policy': '' };
  const ended = { ...page, 'strict-transport-security': 'max-age=0' };

  assert.deepEqual(missingHeaders({ headers, isEncrypted: false }), [
    'content-security-policy',
    'frame-ancestors or x-frame-options',
  ]);
  assert.deepEqual(missingHeaders({ headers: ended, isEncrypted: true }), [
    'strict-transport-security',
  ]);
});

test('what is no page needs to say that it is none', () => {
  const headers = { 'content-type': 'application/json' };

  assert.deepEqual(missingHeaders({ headers, isEncrypted: false }), [
    'x-content-type-options: nosniff',
  ]);
});
