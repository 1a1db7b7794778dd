/** The connection pool, the query builder on it, and what a lost connection means. */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { operationalError } from '../core/operational-error.ts';
import { checkPostgresSafety } from '../platform/postgres-safety.ts';
import type { Clock } from '../platform/clock.ts';
import type { StoreSchema } from './schema.ts';

export type Database = Kysely<StoreSchema>;

const CONNECTIONS_MAX = 10;
const CONNECT_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 15_000;

export interface OpenDatabase {
  readonly database: Database;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

type PostgresType = Parameters<typeof pg.types.getTypeParser>[0];

/** No connection is made until the first query. */
export function openDatabase(connectionString: string): OpenDatabase {
  // Numbers stay below 2^53 in every bigint column of ours.
  const types = {
    getTypeParser: ((id: PostgresType, format?: 'text' | 'binary') =>
      id === pg.types.builtins.INT8
        ? Number
        : (pg.types.getTypeParser(id, format) as unknown)) as typeof pg.types.getTypeParser,
  };
  const pool = new pg.Pool({
    connectionString,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'surefoot',
    // Its type does not say so, but the pool waits for it and refuses the connection if it throws.
    onConnect: checkPostgresSafety as unknown as (client: pg.ClientBase) => void,
    types,
  });
  // An idle connection that breaks is replaced; the next query says whether the server is there.
  pool.on('error', () => undefined);
  // The pool listens to idle connections only; one that breaks in use would end the process. Whoever
  // uses it learns of it by the query.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const database = new Kysely<StoreSchema>({ dialect: new PostgresDialect({ pool }) });
  return { database, pool, close: () => database.destroy() };
}

const DISCONNECT_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);

/** Whether an error says that the server is away, so that the same transaction may be tried again. */
export function isDisconnect(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isDisconnect);
  const code = 'code' in error ? String(error.code) : '';
  if (DISCONNECT_CODES.has(code) || code.startsWith('08')) return true;
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/.test(
    error.message,
  );
}

const RETRY_MS = 200;

/**
 * Repeats `work` while the database is away. Only for work that may run twice: an answer may be lost
 * after the commit. Throws `database-unreachable` when the signal ends the wait.
 */
export async function untilReachable<Result>(
  work: () => Promise<Result>,
  options: { readonly clock: Clock; readonly signal?: AbortSignal },
): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isDisconnect(error)) throw error;
      if (options.signal?.aborted) {
        throw operationalError('database-unreachable', 'PostgreSQL does not answer.', {
          effect: 'unknown',
          cause: error,
        });
      }
      await options.clock.sleep(RETRY_MS);
    }
  }
}
