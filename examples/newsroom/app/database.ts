/** The pool, and the LISTEN connection beside it: five connections for one process at most. */
import { Client, Pool, type PoolClient } from 'pg';
import { errorFields, log } from './log.ts';
import type { Settings } from './settings.ts';

const POOLED_CONNECTIONS_MAX = 4;
const CONNECT_TIMEOUT_MS = 3000;
const STATEMENT_TIMEOUT_MS = 5000;

export type Database = Pool;
export type Transaction = PoolClient;

type ConnectSettings = Pick<Settings, 'databaseUrl' | 'schema'>;

export function openDatabase(settings: ConnectSettings, name: string): Database {
  const pool = new Pool({
    ...connectOptions(settings, name),
    max: POOLED_CONNECTIONS_MAX,
    statement_timeout: STATEMENT_TIMEOUT_MS,
  });
  // The pool replaces a connection that broke while idle; without a listener it would end the process.
  pool.on('error', (error) => {
    log('an idle database connection broke', errorFields(error));
  });
  return pool;
}

export function createListener(settings: ConnectSettings, name: string): Client {
  return new Client({ ...connectOptions(settings, name), keepAlive: true });
}

function connectOptions(settings: ConnectSettings, name: string) {
  return {
    connectionString: settings.databaseUrl,
    options: `-c search_path=${settings.schema}`,
    application_name: name,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  };
}

export async function inTransaction<Result>(
  database: Database,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const client = await database.connect();
  let broken = false;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {
      // The connection is gone, and the transaction with it.
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
