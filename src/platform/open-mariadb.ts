/** A session of a MariaDB server that is not ours. */
import { once } from 'node:events';
import type { TypeCastField } from 'mysql2';
import { invariant } from '../core/invariant.ts';
import { operationalError } from '../core/operational-error.ts';
import { systemClock } from './clock.ts';
import type { MariadbAddress } from './mariadb-address.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** A server that hangs does not say good-bye. */
const END_MS_MAX = 2_000;

/** Everything as text, as the server writes it. */
export type MariadbRow = Readonly<Record<string, string | null>>;

export interface MariadbSession {
  /** By which another session can end this one. */
  readonly id: number;
  readonly database: string;
  /** A `?` stands for a value. Throws what the server says. */
  readonly ask: (text: string, values?: readonly string[]) => Promise<readonly MariadbRow[]>;
  readonly end: () => Promise<void>;
}

/** Whatever the server is set to, the same is written the same way, and nothing is cut off by a limit. */
const SAME_WORDS = `SET SESSION sql_mode = '', time_zone = '+00:00', sql_quote_show_create = 1, sql_select_limit = DEFAULT,
  max_statement_time = 0, idle_transaction_timeout = 0, idle_readonly_transaction_timeout = 0`;

/** The caller ends it. Throws `database-unreachable`, and the signal's reason when that ends it. */
export async function openMariadb(
  address: MariadbAddress,
  signal: AbortSignal,
): Promise<MariadbSession> {
  signal.throwIfAborted();
  const { createConnection } = await import('mysql2/promise');
  const { socketPath, host, port, user, password, database } = address;
  try {
    const connection = await createConnection({
      ...(socketPath === null ? { host, port } : { socketPath }),
      ...{ user, password, database, charset: 'UTF8MB4_GENERAL_CI' },
      ...{ connectTimeout: CONNECT_TIMEOUT_MS, typeCast: (field: TypeCastField) => field.string() },
      connectAttributes: { program_name: 'surefoot' },
    });
    // A connection that breaks fails the query in hand; without a listener it would end the process.
    connection.on('error', () => undefined);
    const dropped = Promise.withResolvers<never>();
    dropped.promise.catch(() => undefined);
    const drop = (): void => {
      connection.destroy();
      dropped.reject(signal.reason);
    };
    signal.addEventListener('abort', drop, { once: true });
    const ask = async (text: string, values: readonly string[] = []) => {
      // What is asked of one that was dropped is never answered.
      const [rows] = await Promise.race([connection.query(text, [...values]), dropped.promise]);
      return Array.isArray(rows) ? (rows as MariadbRow[]) : [];
    };
    await ask(SAME_WORDS);
    return {
      ...{ id: connection.threadId, database, ask },
      async end() {
        signal.removeEventListener('abort', drop);
        const late = systemClock.deadline(END_MS_MAX);
        const passed = once(late.signal, 'abort');
        await Promise.race([connection.end().catch(() => undefined), passed]);
        late.end();
        connection.destroy();
      },
    };
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    throw operationalError(
      'database-unreachable',
      `${socketPath ?? host} lets nobody in: ${why}.`,
      {
        cause: error,
      },
    );
  }
}

/** The one row of a query that always has one. */
export async function askOne(
  session: MariadbSession,
  text: string,
  ...values: readonly string[]
): Promise<MariadbRow> {
  const rows = await session.ask(text, values);
  invariant(rows.length === 1 && rows[0], 'a query that always has one row');
  return rows[0];
}

/** Of a column that is there and never null. */
export function textOf(row: MariadbRow, column: string): string {
  const value = row[column];
  invariant(typeof value === 'string', `the query answers ${column}`);
  return value;
}

export function quoteMariadbName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
