/** A session of a PostgreSQL server that is not ours. */
import { Client } from 'pg';
import { operationalError } from '../core/operational-error.ts';

/** Of PostgreSQL. */
const DEFAULT_PORT = '5432';
const CONNECT_TIMEOUT_MS = 10_000;

/** Of the URL's server another database, when one is named. The caller ends it. Throws `database-unreachable`. */
export async function openPostgres(url: string, database?: string): Promise<Client> {
  const client = new Client({
    connectionString: database === undefined ? url : withDatabase(url, database),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'surefoot',
  });
  // A connection that breaks fails the query in hand; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    const { host: named, searchParams } = new URL(url);
    const host = named === '' ? (searchParams.get('host') ?? 'PostgreSQL') : named;
    const why = error instanceof Error ? error.message : String(error);
    throw operationalError('database-unreachable', `${host} lets nobody in: ${why}.`, {
      cause: error,
    });
  }
}

/** '' where it names none. */
export function databaseOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

/** Server and database, without who asks: the same for all who mean the same one. */
export function placeOf(url: string): string {
  const { hostname, port, searchParams } = new URL(url);
  const host = searchParams.get('host') ?? hostname.toLowerCase();
  return `${host}:${searchParams.get('port') ?? (port || DEFAULT_PORT)}/${databaseOf(url)}`;
}

export function withDatabase(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${encodeURIComponent(database)}`;
  return other.toString();
}
