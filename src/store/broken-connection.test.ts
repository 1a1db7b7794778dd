import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retriablePostgresException } from '@dbos-inc/dbos-sdk/internal/system_database';
import { sql } from 'kysely';
import { ensurePostgres } from '../platform/ensure-postgres.ts';
import { temporaryStateDirectory } from '../../test/support/temporary-state-directory.ts';
import { isDisconnect, openDatabase } from './database.ts';
import { openPool } from './open-pool.ts';

const GONE_MS = 300;

test('a connection that breaks while a transaction holds it fails the transaction, not the process', async (t) => {
  const { connectionString } = await ensurePostgres(temporaryStateDirectory(t));
  const { database, close } = openDatabase(connectionString);
  t.after(close);

  const broken = database.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(
      transaction,
    );
    await sql`select pg_terminate_backend(${rows[0]!.pid})`.execute(database);
    // Nothing is asked while it breaks: then nobody but the connection itself learns of it.
    const isEnded = async (): Promise<boolean> => {
      const left = await sql`select 1 from pg_stat_activity where pid = ${rows[0]!.pid}`.execute(
        database,
      );
      return left.rows.length === 0;
    };
    while (!(await isEnded()));
    await sql`select 1`.execute(transaction);
  });

  await assert.rejects(broken, isDisconnect);
  await sql`select 1`.execute(database);
});

test('a write to a connection that the server has closed is a lost connection to the durable engine', async (t) => {
  const { connectionString } = await ensurePostgres(temporaryStateDirectory(t));
  const pool = openPool(connectionString);
  t.after(() => pool.end());
  const client = await pool.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');

  process.kill(rows[0]!.pid, 'SIGTERM');
  // This thread must not see the end before it writes.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, GONE_MS);
  const broken = client.query('select 1');

  await assert.rejects(broken, (error) => retriablePostgresException(error));
  client.release(true);
});
