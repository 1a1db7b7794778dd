import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { Client } from 'pg';
import { SQL_TEXTS, type MigrationSubject } from '../../src/drivers/contract-suites/migration.ts';
import type { Migrator } from '../../src/drivers/contract.ts';
import type { TestPostgres } from './running-postgres.ts';

/** All that the contract suite of migrations asks for but who migrates. */
export interface EmptyDatabase extends Omit<MigrationSubject, 'migrator'> {
  readonly client: Client;
  readonly query: (text: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** Of its own for a test, on the server of all tests of the file. */
export async function anEmptyDatabase(
  t: TestContext,
  postgres: TestPostgres,
): Promise<EmptyDatabase> {
  const name = `migrated_${randomUUID().replaceAll('-', '')}`;
  await postgres.run(`CREATE DATABASE ${name}`);
  const url = new URL(postgres.url());
  url.pathname = `/${name}`;
  const client = new Client({ connectionString: url.toString() });
  await client.connect();
  t.after(() => client.end());
  return {
    ...{ url: url.toString(), client, texts: SQL_TEXTS },
    query: async (text) => (await client.query<Record<string, unknown>>(text)).rows,
    async rowsOf(table) {
      const there = await client.query<{ there: string | null }>(
        'SELECT to_regclass($1) AS there',
        [table],
      );
      if (there.rows[0]?.there === null) return null;
      const { rows } = await client.query<{ rows: number }>(
        `SELECT count(*)::int AS rows FROM ${table}`,
      );
      return rows[0]?.rows ?? null;
    },
    async isBusy() {
      const busy =
        "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND state = 'active'";
      return (await client.query(busy)).rows.length > 0;
    },
  };
}

export type MigratedDatabase = MigrationSubject & EmptyDatabase;

/** What a driver's suite and its own tests are about. */
export async function aMigratedDatabase(
  t: TestContext,
  postgres: TestPostgres,
  migrator: Migrator,
): Promise<MigratedDatabase> {
  return { migrator, ...(await anEmptyDatabase(t, postgres)) };
}
