import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toolEnvironment } from './tool-environment.ts';

test('tools have what this machine trusts, and none of its secrets', () => {
  const host = {
    ...{ PATH: '/bin', HOME: '/srv/ann', SSL_CERT_FILE: '/etc/ca.pem', NODE_OPTIONS: '--inspect' },
    ...{ NODE_EXTRA_CA_CERTS: '/etc/own.pem', HTTPS_PROXY: 'http://ann:secret@proxy', TOKEN: 'x' },
  };

  const { PATH, ...others } = toolEnvironment(host);

  assert.ok(PATH.endsWith(':/bin'));
  assert.deepEqual(others, {
    ...{ HOME: '/srv/ann', SSL_CERT_FILE: '/etc/ca.pem', NODE_EXTRA_CA_CERTS: '/etc/own.pem' },
  });
});
