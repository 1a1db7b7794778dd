/** Connects to the embedded PostgreSQL and tells "not there" from "not yet" and from "no". */
import { Client, DatabaseError } from 'pg';
import { operationalError } from '../core/operational-error.ts';
import type { PostgresPlace } from './postgres-place.ts';

export const POSTGRES_USER = 'surefoot';
export const POSTGRES_DATABASE = 'surefoot';
const CONNECT_TIMEOUT_MS = 2_000;
const CANNOT_CONNECT_NOW = '57P03';
const TOO_MANY_CONNECTIONS = '53300';
const NO_SUCH_DATABASE = '3D000';

export type ConnectResult =
  | { readonly kind: 'connected'; readonly client: Client }
  | { readonly kind: 'no-database' }
  /** Something listens but does not serve yet, or not any more. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'absent' };

/** A URL that both `pg` and WHATWG's `URL` read; the host in the query is the socket's folder. */
export function postgresConnectionString(
  place: PostgresPlace,
  database: string = POSTGRES_DATABASE,
): string {
  const url = new URL(`postgresql://localhost:5432/${database}`);
  url.username = POSTGRES_USER;
  url.password = place.password;
  url.searchParams.set('host', place.socketDirectory);
  return url.toString();
}

/** The caller ends the client. Throws `database-unreachable` when PostgreSQL refuses for good. */
export async function connectPostgres(
  place: PostgresPlace,
  database: string = POSTGRES_DATABASE,
): Promise<ConnectResult> {
  const client = new Client({
    connectionString: postgresConnectionString(place, database),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS * 5,
    ssl: false,
  });
  // A connection that breaks fails the query in hand; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return { kind: 'connected', client };
  } catch (error) {
    await client.end();
    return resultOf(error, place);
  }
}

function resultOf(error: unknown, place: PostgresPlace): ConnectResult {
  if (error instanceof DatabaseError) {
    if (error.code === NO_SUCH_DATABASE) return { kind: 'no-database' };
    if (error.code === CANNOT_CONNECT_NOW || error.code === TOO_MANY_CONNECTIONS) {
      return { kind: 'busy' };
    }
    throw operationalError(
      'database-unreachable',
      `PostgreSQL in ${place.root} refuses the connection: ${error.message}.`,
      { cause: error },
    );
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return { kind: code === 'ENOENT' || code === 'ECONNREFUSED' ? 'absent' : 'busy' };
}
