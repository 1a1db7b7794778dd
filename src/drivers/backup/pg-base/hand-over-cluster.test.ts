import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Client } from 'pg';
import { ensurePostgres } from '../../../platform/ensure-postgres.ts';
import { readPostmaster } from '../../../platform/postmaster.ts';
import { stateDirectoryAt } from '../../../platform/state-directory.ts';
import { removePostgres, stopPostgres } from '../../../platform/stop-postgres.ts';
import type { Restored } from '../../contract.ts';
import { pgBaseBackup } from './driver.ts';

const context = { signal: new AbortController().signal };

async function ask(url: string, ...queries: readonly string[]): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let found: unknown;
    for (const query of queries) found = (await client.query(query)).rows[0];
    return found;
  } finally {
    await client.end();
  }
}

/** A server with three rows in the backup and five in it now. */
async function aServer(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'sf-'));
  chmodSync(folder, 0o711);
  const directory = stateDirectoryAt(folder);
  t.after(async () => {
    await removePostgres(directory);
    rmSync(folder, { recursive: true });
  });
  const start = async () => (await ensurePostgres(directory)).connectionString;
  const url = await start();
  await ask(url, 'CREATE TABLE orders AS SELECT generate_series(1, 3) AS id');
  const backup = pgBaseBackup.connect({ url }, { stateDirectory: folder });
  const taken = await backup.take(context);
  const restored = await backup.restore(taken.content, context);
  t.after(() => restored.remove());
  await taken.close();
  await ask(url, 'INSERT INTO orders VALUES (4), (5)');
  const count = async () =>
    ask(await start(), "SELECT count(*)::int AS n, current_setting('fsync') AS fsync FROM orders");
  return { restored, count, stop: () => stopPostgres(directory) };
}

test('pg-base: what is kept is on the disk, and gets there', async (t) => {
  const { restored } = await aServer(t);
  const url = new URL(restored.address);
  url.pathname = '/surefoot';
  const settings = "SELECT count(*)::int AS n, current_setting('fsync') AS fsync FROM orders";
  assert.deepEqual(await ask(url.toString(), settings), { n: 3, fsync: 'off' });

  await restored.keep();

  assert.deepEqual(await ask(url.toString(), settings), { n: 3, fsync: 'on' });
});

function carryOut(lines: readonly string[] | undefined): void {
  assert.ok(lines);
  execFileSync('sh', ['-ec', lines.join('\n')]);
}

test('pg-base: what it says is done by hand puts the cluster in its place, and back', async (t) => {
  const { restored, count, stop } = await aServer(t);

  const handed: Awaited<ReturnType<NonNullable<Restored['handOver']>>> | undefined =
    await restored.handOver?.('b1');
  const [, keeping, moving = ''] = handed?.steps ?? [];
  const from = moving.split(' ')[2] ?? '';
  assert.deepEqual(await readPostmaster(from), { kind: 'none' });
  assert.match(keeping ?? '', /^mv -T \S+ \S+-before-b1$/);
  await stop();
  carryOut(handed?.steps);

  assert.deepEqual(await count(), { n: 3, fsync: 'on' });
  await stop();
  carryOut(handed?.back);
  assert.deepEqual(await count(), { n: 5, fsync: 'on' });
});
