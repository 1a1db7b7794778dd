import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testBadInputs } from '../../test/support/config/bad-input-table.ts';
import { configText } from '../../test/support/config/config-text.ts';
import { loadText, problemsOf } from '../../test/support/config/load-text.ts';

function withStore(store: string): string {
  return configText(['services:\n', `backupStore: ${store}\nservices:\n`]);
}

async function storeIn(store: string) {
  const loaded = await loadText(withStore(store));
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded.config.backupStore;
}

test('a bucket alone is one of AWS, and nothing of it is guessed later', async () => {
  assert.deepEqual(await storeIn('{ kind: s3, bucket: newsroom-backups }'), {
    ...{ kind: 's3', bucket: 'newsroom-backups', region: 'us-east-1', partMib: 8 },
  });
});

test('every key of a store is taken as it is written, and variables are replaced', async () => {
  const given =
    '{ kind: s3, bucket: kept, prefix: a/b_c.d, endpoint: "http://[::1]:9000/s3", region: eu-1, pathStyle: false, partMib: 64 }';
  assert.deepEqual(await storeIn(given), {
    ...{ kind: 's3', bucket: 'kept', prefix: 'a/b_c.d', endpoint: 'http://[::1]:9000/s3' },
    ...{ region: 'eu-1', pathStyle: false, partMib: 64 },
  });
  const text = withStore('{ kind: s3, bucket: "${BUCKET}" }');
  const environmentVariables = { NEWSROOM_DATABASE_URL: 'x', BUCKET: 'from-outside' };
  const loaded = await loadText(text, { environmentVariables });
  assert.ok(loaded.ok);
  assert.equal(loaded.config.backupStore?.bucket, 'from-outside');
});

const endpoint = (text: string): string =>
  withStore(`{ kind: s3, bucket: kept, endpoint: ${text} }`);

testBadInputs([
  {
    title: 'a store of an unknown kind, without a bucket',
    text: withStore('{ kind: ftp }'),
    says: [':5:1: the key "bucket" is missing in backupStore', /^:5:22: kind: must be .*s3/],
  },
  {
    title: 'a bucket that is none',
    text: withStore('{ kind: s3, bucket: My_Bucket }'),
    says: [
      ':5:34: bucket: "My_Bucket" is not the name of a bucket; use 3 to 63 lower-case letters, digits, dots and hyphens',
    ],
  },
  {
    title: 'a prefix that ends with a slash',
    text: withStore('{ kind: s3, bucket: kept, prefix: a/ }'),
    says: [/"a\/" is not a prefix/],
  },
  {
    title: 'a prefix that leads elsewhere',
    text: withStore('{ kind: s3, bucket: kept, prefix: a/../b }'),
    says: [/"a\/\.\.\/b" is not a prefix/],
  },
  {
    title: 'an endpoint without a scheme',
    text: endpoint('minio.example.org'),
    says: [/endpoint: must be a URL with http or https, like https:\/\/s3\.example\.org/],
  },
  {
    title: 'an endpoint with a query',
    text: endpoint('"https://s3.example.org/?x"'),
    says: [/endpoint: must be a URL without query and fragment/],
  },
  {
    title: 'parts that are too small for the services',
    text: withStore('{ kind: s3, bucket: kept, partMib: 4 }'),
    says: [/partMib: must be at least 5, not 4/],
  },
  {
    title: 'credentials in the file',
    text: withStore('{ kind: s3, bucket: kept, accessKeyId: A }'),
    says: [/accessKeyId/],
  },
]);

test('a password in an endpoint is refused, and the reason does not tell it', async () => {
  const problems = await problemsOf(endpoint('"https://ada:s3cr3t-word@s3.example.org"'));

  const [reason = ''] = problems.split('\n');
  assert.match(reason, /endpoint: must hold no user or password, which the environment says/);
  assert.doesNotMatch(reason, /s3cr3t-word/);
});
