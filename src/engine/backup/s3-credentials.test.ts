import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failsWith } from '../../../test/support/fails-with.ts';
import { s3CredentialsOf } from './s3-credentials.ts';

const both = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'hidden-word' };

test('credentials come from the environment, with a token for those that end', () => {
  const credentials = { accessKeyId: 'id', secretAccessKey: 'hidden-word' };
  assert.deepEqual(s3CredentialsOf({ ...both, AWS_SESSION_TOKEN: '' }), credentials);
  assert.deepEqual(s3CredentialsOf({ ...both, AWS_SESSION_TOKEN: 'token' }), {
    ...{ ...credentials, sessionToken: 'token' },
  });
  assert.equal(s3CredentialsOf({ PATH: '/bin', AWS_ACCESS_KEY_ID: '' }), null);
});

test('half of them is refused by name, and never told', () => {
  for (const [name, missing] of [
    ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
    ['AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID'],
  ] as const) {
    assert.throws(
      () => s3CredentialsOf({ [name]: 'hidden-word' }),
      failsWith('backup-store-refused', new RegExp(`^${name} is set, and ${missing} is not`)),
    );
  }
});
