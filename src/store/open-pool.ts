/** Connections that may break at any moment: then a query fails, and nothing else. */
import pg from 'pg';
import { checkPostgresSafety } from '../platform/postgres-safety.ts';

const CONNECTIONS_MAX = 10;
const CONNECT_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 15_000;
/** After the server's own limit: a server that is not there any more does not keep to it. */
const QUERY_TIMEOUT_MS = 20_000;
const KEEP_ALIVE_AFTER_MS = 10_000;
/** A process that is frozen within a transaction must not keep its locks from whoever takes over. */
const IDLE_IN_TRANSACTION_MS = 5_000;

/** No connection is made until the first query; each is checked for settings that lose data. */
export function openPool(connectionString: string, options: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    // Its type does not say so, but the pool waits for it and refuses the connection if it throws.
    onConnect: checkPostgresSafety as unknown as (client: pg.ClientBase) => void,
    ...options,
  });
  // An idle connection that breaks is replaced; the next query says whether the server is there.
  pool.on('error', () => undefined);
  // The pool listens to idle connections only; one that breaks in use would end the process. Whoever
  // uses it learns of it by the query, a moment after this.
  pool.on('connect', (client) => client.on('error', markAsLost));
  return pool;
}

/**
 * The durable engine repeats what failed for a lost connection, but takes a write to a socket that
 * the server has closed for a failure of the workflow. It reads causes as well.
 */
function markAsLost(error: Error): void {
  if (!('code' in error) || error.code !== 'EPIPE') return;
  error.cause ??= new Error('Connection terminated unexpectedly');
}
