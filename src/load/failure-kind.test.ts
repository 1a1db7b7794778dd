import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureKindOf } from './failure-kind.ts';

const kinds: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  ECONNRESET: 'reset',
  UND_ERR_SOCKET: 'reset',
  EHOSTUNREACH: 'unreachable',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'unknown host',
  EMFILE: 'no file or port left',
  EADDRNOTAVAIL: 'no file or port left',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'malformed answer',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'TLS',
  ERR_TLS_CERT_ALTNAME_INVALID: 'TLS',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'TLS',
  SOMETHING_NEW: 'other',
};

for (const [code, kind] of Object.entries(kinds)) {
  test(`${code} is told as ${kind}`, () => {
    assert.equal(failureKindOf(Object.assign(new Error(code), { code })), kind);
  });
}

test('an error without a code is told as other', () => {
  assert.equal(failureKindOf(new Error('x')), 'other');
  assert.equal(failureKindOf(null), 'other');
});
