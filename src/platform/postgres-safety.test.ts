import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failsWith } from '../../test/support/fails-with.ts';
import { checkPostgresSafety } from './postgres-safety.ts';

const safe = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  data_checksums: 'on',
};

function clientWith(settings: Record<string, string>) {
  const rows = Object.entries(settings).map(([name, setting]) => ({ name, setting }));
  return { query: () => Promise.resolve({ rows }) };
}

test('safe settings and stricter ones pass', async () => {
  await checkPostgresSafety(clientWith(safe));
  await checkPostgresSafety(clientWith({ ...safe, synchronous_commit: 'remote_apply' }));
});

test('each weaker setting is refused by name', async () => {
  for (const name of Object.keys(safe)) {
    await assert.rejects(
      checkPostgresSafety(clientWith({ ...safe, [name]: 'off' })),
      failsWith('database-unsafe', new RegExp(`${name} = off`)),
    );
  }
  await assert.rejects(
    checkPostgresSafety(clientWith({ ...safe, synchronous_commit: 'remote_write' })),
    failsWith('database-unsafe'),
  );
});

test('a setting that the server does not know is refused, never assumed', async () => {
  await assert.rejects(
    checkPostgresSafety(clientWith({ fsync: 'on' })),
    failsWith('database-unsafe', /missing/),
  );
});
