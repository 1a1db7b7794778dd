/** A session in which migrations are applied: one at a time, whoever comes, and with nothing left of the one before. */
import type { Client } from 'pg';
import type { MigrationLimits } from '../core/migration/migration-limits.ts';
import { makeTable, type MigrationRecord } from './migration-record.ts';
import { openPostgres } from './open-postgres.ts';
import { refusedMigration } from './refused-migration.ts';

export interface MigrationSession {
  readonly record: MigrationRecord;
  readonly limits: MigrationLimits;
  /** Ends it, with what the server is doing for it. */
  readonly signal: AbortSignal;
}

export async function withMigrationSession<Result>(
  url: string,
  session: MigrationSession,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const { record, signal } = session;
  const client = await openPostgres(url);
  const stop = (): void => void endSession(url, client);
  signal.addEventListener('abort', stop);
  try {
    signal.throwIfAborted();
    await settleSession(client, session);
    await client.query("SELECT pg_advisory_lock(hashtext('surefoot migrations'), hashtext($1))", [
      record.table,
    ]);
    await record.tool?.prepare(client);
    await makeTable(client, record.table);
    return await work(client);
  } catch (error) {
    signal.throwIfAborted();
    throw refusedMigration(error, `The table ${record.table}`);
  } finally {
    signal.removeEventListener('abort', stop);
    await client.end();
  }
}

/** A server goes on with what it was asked for when only the client has gone, and holds its locks. */
async function endSession(url: string, client: Client): Promise<void> {
  const { processID } = client as Client & { readonly processID?: number };
  const other = await openPostgres(url).catch(() => null);
  await other?.query('SELECT pg_terminate_backend($1)', [processID]).catch(() => undefined);
  await other?.end();
}

/** Whatever the one before has set. */
export async function settleSession(
  client: Client,
  { record, limits: { lockMs, statementMs } }: MigrationSession,
): Promise<void> {
  await client.query(
    `RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; SET lock_timeout = ${lockMs}; SET statement_timeout = ${statementMs};
    SET idle_in_transaction_session_timeout = ${statementMs}; ${record.tool?.settings ?? ''}`,
  );
}
