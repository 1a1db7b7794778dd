/** The query builder on a pool of connections, and what a lost connection means. */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { OperationalError, operationalError } from '../core/operational-error.ts';
import type { Clock } from '../platform/clock.ts';
import { openPool } from './open-pool.ts';
import type { StoreSchema } from './schema.ts';

export type Database = Kysely<StoreSchema>;

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
  const pool = openPool(connectionString, { application_name: 'surefoot', types });
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
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Query read timeout/.test(
    error.message,
  );
}

/** Errors that the same statement meets every time: data, constraints, and statements themselves. */
const LASTING_CLASSES = new Set(['0A', '22', '23', '42']);

/** Whether the database may well answer later: away, full, overloaded, or running unsafely. */
export function isPassing(error: unknown): boolean {
  if (isDisconnect(error)) return true;
  if (error instanceof OperationalError) return error.failure.code === 'database-unsafe';
  if (!(error instanceof pg.DatabaseError)) return false;
  return !LASTING_CLASSES.has(error.code?.slice(0, 2) ?? '');
}

const RETRY_MS = 200;

/**
 * Repeats `work` while the database cannot do it. Only for work that may run twice: an answer may be lost
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
      if (!isPassing(error)) throw error;
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
