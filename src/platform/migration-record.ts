/**
 * Where it is kept which migrations were applied: in a table of Surefoot's with the digest of each, and where another tool
 * migrated before, in that tool's own, which says what counts.
 */
import { DatabaseError, type Client } from 'pg';
import type { AppliedMigration } from '../core/migration/applied-migration.ts';
import { operationalError } from '../core/operational-error.ts';
import { isSessionLost, lostSession } from './lost-session.ts';
import { openPostgres } from './open-postgres.ts';

export interface MigrationRecord {
  /** Surefoot's own. */
  readonly table: string;
  /** What a migration is called there, by the name of its file. */
  readonly recordedAs: (name: string) => string;
  readonly tool: ToolRecord | null;
}

export interface ToolRecord {
  /** What the tool sets in a session before it migrates: statements; empty for nothing. */
  readonly settings: string;
  /** Makes its table, and keeps the tool out until the session ends, as far as it can be kept out. */
  readonly prepare: (client: Client) => Promise<void>;
  /** In the order in which they were applied; none where it never applied one. */
  readonly applied: (client: Client) => Promise<readonly string[]>;
  /** False when it is there already; waits for whoever is about to add the same. */
  readonly add: (client: Client, recordedAs: string) => Promise<boolean>;
}

const ASKED_MS_MAX = 10_000;

export async function appliedMigrations(
  url: string,
  record: MigrationRecord,
): Promise<readonly AppliedMigration[]> {
  const client = await openPostgres(url);
  try {
    await client.query(`SET statement_timeout = ${ASKED_MS_MAX}; ${record.tool?.settings ?? ''}`);
    return await appliedIn(client, record);
  } catch (error) {
    if (isSessionLost(error)) throw lostSession(error, 'none');
    if (!(error instanceof DatabaseError)) throw error;
    const message = `Which migrations were applied cannot be read: ${error.message}.`;
    throw operationalError('migration-failed', message, { cause: error });
  } finally {
    await client.end();
  }
}

/** Finished and not with the tool any more: it was taken back, and is none. */
export async function appliedIn(
  client: Client,
  { table, tool }: MigrationRecord,
): Promise<readonly AppliedMigration[]> {
  const own = await ownRecords(client, table);
  if (!tool) return own;
  const names = await tool.applied(client);
  const digests = new Map(own.map(({ name, digest }) => [name, digest]));
  const known = new Set(names);
  return [
    ...names.map((name) => ({ name, digest: digests.get(name) ?? null, isFinished: true })),
    ...own.filter(({ name, isFinished }) => !isFinished && !known.has(name)),
  ];
}

async function ownRecords(client: Client, table: string): Promise<readonly AppliedMigration[]> {
  if (!(await isThere(client, table))) return [];
  const { rows } = await client.query<{ name: string; digest: string; finished: boolean }>(
    `SELECT name, digest, finished_at IS NOT NULL AS finished FROM ${table} ORDER BY number`,
  );
  return rows.map(({ name, digest, finished: isFinished }) => ({ name, digest, isFinished }));
}

export async function isThere(client: Client, table: string): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS there',
    [table],
  );
  return rows[0]?.there === true;
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

/** Over what is left there of one that was taken back, or broken off. */
export async function recordMigration(
  client: Client,
  table: string,
  migration: { readonly recordedAs: string; readonly digest: string; readonly isFinished: boolean },
): Promise<void> {
  const { recordedAs, digest, isFinished } = migration;
  await client.query(
    `INSERT INTO ${table} AS known (name, digest, finished_at)
    VALUES ($1, $2, CASE WHEN $3 THEN clock_timestamp() END)
    ON CONFLICT (name) DO UPDATE SET digest = excluded.digest, finished_at = excluded.finished_at,
      begun_at = CASE WHEN $3 THEN known.begun_at ELSE excluded.begun_at END`,
    [recordedAs, digest, isFinished],
  );
}
