/** Looks through the structure of a PostgreSQL database with its own `amcheck`: damage that reading it does not show. */
import { DatabaseError, type Client } from 'pg';

const INDEXES = `
  SELECT i.indexrelid::text AS oid, i.indexrelid::regclass::text AS name
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
  WHERE a.amname = 'btree' AND c.relkind = 'i' AND c.relpersistence = 'p' AND i.indisvalid`;

const TABLES = `
  SELECT c.oid::text AS oid, c.oid::regclass::text AS name
  FROM pg_class c JOIN pg_am a ON a.oid = c.relam
  WHERE a.amname = 'heap' AND c.relkind IN ('r', 'm', 't') AND c.relpersistence = 'p'`;

interface Relation {
  readonly oid: string;
  readonly name: string;
}

/** A sentence each; null where the server has no `amcheck`. Within a transaction of a superuser that is rolled back then. */
export async function postgresFaults(
  client: Client,
  database: string,
): Promise<readonly string[] | null> {
  const there = await client.query("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'");
  if (there.rows.length === 0) return null;
  // Wherever it is: what was restored may have it in a schema of its own.
  await client.query('CREATE EXTENSION IF NOT EXISTS amcheck');
  const { rows: found } = await client.query<{ schema: string }>(
    `SELECT quote_ident(nspname) AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE extname = 'amcheck'`,
  );
  const schema = found[0]?.schema ?? 'public';
  const faults: string[] = [];
  for (const { oid, name } of await relations(client, INDEXES)) {
    const query = `SELECT ${schema}.bt_index_check(${oid}::regclass, true)`;
    faults.push(...(await faultsOf(client, query, `${database}: index ${name}`)));
  }
  for (const { oid, name } of await relations(client, TABLES)) {
    const query = `SELECT msg FROM ${schema}.verify_heapam(${oid}::regclass) LIMIT 10`;
    faults.push(...(await faultsOf(client, query, `${database}: table ${name}`)));
  }
  return faults;
}

async function relations(client: Client, query: string): Promise<readonly Relation[]> {
  return (await client.query<Relation>(query)).rows;
}

async function faultsOf(client: Client, query: string, what: string): Promise<readonly string[]> {
  await client.query('SAVEPOINT look');
  try {
    const { rows } = await client.query<{ msg?: string }>(query);
    await client.query('RELEASE SAVEPOINT look');
    return rows.flatMap(({ msg }) => (msg === undefined ? [] : [`${what}: ${msg}`]));
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT look');
    return [`${what}: ${error.message}`];
  }
}
