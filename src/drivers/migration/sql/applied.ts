/** Which migrations a database says were applied. */
import { DatabaseError, type Client } from 'pg';
import type { AppliedMigration } from '../../../core/migration/applied-migration.ts';
import { operationalError } from '../../../core/operational-error.ts';
import { isSessionLost, lostSession } from '../../../platform/lost-session.ts';
import { openPostgres } from '../../../platform/open-postgres.ts';

const ASKED_MS_MAX = 10_000;

export async function applied(url: string, table: string): Promise<readonly AppliedMigration[]> {
  const client = await openPostgres(url);
  try {
    await client.query(`SET statement_timeout = ${ASKED_MS_MAX}`);
    return await appliedIn(client, table);
  } catch (error) {
    if (isSessionLost(error)) throw lostSession(error, 'none');
    if (!(error instanceof DatabaseError)) throw error;
    const message = `Which migrations were applied cannot be read: ${error.message}.`;
    throw operationalError('migration-failed', message, { cause: error });
  } finally {
    await client.end();
  }
}

export async function appliedIn(
  client: Client,
  table: string,
): Promise<readonly AppliedMigration[]> {
  const there = await client.query<{ there: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS there',
    [table],
  );
  if (!there.rows[0]?.there) return [];
  const { rows } = await client.query<{ name: string; digest: string; finished: boolean }>(
    `SELECT name, digest, finished_at IS NOT NULL AS finished FROM ${table} ORDER BY number`,
  );
  return rows.map(({ name, digest, finished: isFinished }) => ({ name, digest, isFinished }));
}

/** Once, whoever comes first. */
export async function makeTable(client: Client, table: string): Promise<void> {
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${table} (
      number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      name text NOT NULL UNIQUE,
      digest text NOT NULL,
      begun_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      finished_at timestamptz
    )`,
  );
}
