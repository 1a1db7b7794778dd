/** What a PostgreSQL database holds at the moment of a transaction: its rows, table by table, and its definitions. */
import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import type { ContentPart } from '../core/backup/content.ts';
import { postgresDefinitions } from './postgres-definitions.ts';

/** Whatever a role or a database is set to, the same value is written the same way. */
const SAME_WORDS = `
  SET LOCAL search_path = pg_catalog;
  SET LOCAL datestyle = 'ISO, YMD';
  SET LOCAL timezone = 'UTC';
  SET LOCAL intervalstyle = 'iso_8601';
  SET LOCAL bytea_output = 'hex';
  SET LOCAL extra_float_digits = 3;
  SET LOCAL xmloption = 'content';
  SET LOCAL lc_monetary = 'C';
  SET LOCAL row_security = off;
  SET LOCAL statement_timeout = 0;
  SET LOCAL idle_in_transaction_session_timeout = 0`;

/** Unlogged tables are empty after a crash, and are not held for kept. */
const TABLES = `
  SELECT n.nspname AS schema, c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm') AND c.relpersistence = 'p' AND (c.relkind = 'r' OR c.relispopulated)
    AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
  ORDER BY 1, 2`;

const LARGE_OBJECTS = `
  SELECT count(DISTINCT loid)::text AS rows,
    coalesce(sum(hashtextextended(loid || ' ' || pageno || ' ' || encode(data, 'hex'), 0)), 0)::text AS hash
  FROM pg_largeobject`;

/**
 * Within the transaction that the client has begun. A table's hash is the sum of those of its rows, so that their order
 * does not count; `database` goes before each name. Throws what the server says.
 */
export async function postgresContent(
  client: Client,
  database: string,
): Promise<readonly ContentPart[]> {
  await client.query(SAME_WORDS);
  const { rows: tables } = await client.query<{ schema: string; name: string }>(TABLES);
  const parts: ContentPart[] = [];
  for (const { schema, name } of tables) {
    const table = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(name)}`;
    // Its name is one that no column has: it means the row.
    const found = await countAndHash(
      client,
      `SELECT count(*)::text AS rows,
        coalesce(sum(hashtextextended("the whole row"::text, 0)), 0)::text AS hash
      FROM ONLY ${table} AS "the whole row"`,
    );
    parts.push({ name: `${database}.${schema}.${name}`, ...found });
  }
  const objects = await largeObjects(client);
  if (objects) parts.push({ name: `${database}: large objects`, ...objects });
  return [...parts, ...(await definitionParts(client, database))];
}

async function largeObjects(client: Client): Promise<Counted | null> {
  const { rows } = await client.query('SELECT 1 FROM pg_largeobject_metadata LIMIT 1');
  return rows.length === 0 ? null : countAndHash(client, LARGE_OBJECTS);
}

async function definitionParts(client: Client, database: string): Promise<readonly ContentPart[]> {
  const definitions = await postgresDefinitions(client);
  return [...definitions].map(([object, lines]) => ({
    name: `${database}: definition of ${object}`,
    isDefinition: true,
    size: lines.length,
    hash: createHash('sha256').update(lines.join('\n')).digest('hex'),
  }));
}

type Counted = Pick<ContentPart, 'size' | 'hash'>;

async function countAndHash(client: Client, query: string): Promise<Counted> {
  const { rows } = await client.query<{ rows: string; hash: string }>(query);
  const [found] = rows;
  return { size: Number(found?.rows), hash: found?.hash ?? '' };
}
