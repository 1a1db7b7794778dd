/** A real PostgreSQL for the tests of one file, and fresh databases in it. */
import type { TestContext } from 'node:test';
import pg from 'pg';
import { ensurePostgres } from '../../../src/platform/ensure-postgres.ts';
import type { StateDirectory } from '../../../src/platform/state-directory.ts';
import { openDatabase, type Database } from '../../../src/store/database.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { temporaryStateDirectory } from '../temporary-state-directory.ts';

export interface TestPostgres {
  readonly directory: StateDirectory;
  /** An empty database of its own. */
  createDatabase(): Promise<string>;
}

/** Starting it takes seconds: once per file, in a test whose subtests share it. */
export async function testPostgres(test: TestContext): Promise<TestPostgres> {
  const directory = temporaryStateDirectory(test);
  const { connectionString } = await ensurePostgres(directory);
  let created = 0;
  return {
    directory,
    async createDatabase() {
      created += 1;
      const name = `test_${created}`;
      await runSql(connectionString, `create database ${name}`);
      const url = new URL(connectionString);
      url.pathname = `/${name}`;
      return url.toString();
    },
  };
}

export interface TestStore {
  readonly database: Database;
  readonly connectionString: string;
  /** Runs SQL on a connection of its own. */
  sql(text: string): Promise<readonly Record<string, unknown>[]>;
}

/** A migrated database, closed after the test. */
export async function testStore(test: TestContext, postgres: TestPostgres): Promise<TestStore> {
  const connectionString = await postgres.createDatabase();
  const { database, close } = openDatabase(connectionString);
  test.after(close);
  await migrate(database);
  return { database, connectionString, sql: (text) => runSql(connectionString, text) };
}

async function runSql(
  connectionString: string,
  text: string,
): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}
