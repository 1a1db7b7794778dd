/** The table in which node-pg-migrate keeps which migrations were applied, and the lock by which it keeps others out. */
import type { Client } from 'pg';
import { inOrder } from './in-order.ts';
import { searchPathSetting } from '../../../platform/table-named.ts';
import { isThere, type ToolRecord } from '../../../platform/migration-record.ts';

/** The same in all of its versions. */
const LOCK = '7241865325823964';

export function pgmigrationsRecord(table: string, schemas: readonly string[]): ToolRecord {
  return {
    settings: searchPathSetting(schemas),
    async prepare(client) {
      await client.query(`SELECT pg_advisory_lock(${LOCK})`);
      await client.query(
        `CREATE TABLE IF NOT EXISTS ${table} (
          id SERIAL PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL
        )`,
      );
    },
    async applied(client) {
      if (!(await isThere(client, table))) return [];
      return (await rowsOf(client, table)).map(({ name }) => name);
    },
    async add(client, name) {
      const rows = await rowsOf(client, table);
      if (rows.some((row) => row.name === name)) return false;
      const after = rows.find((row) => inOrder(row.name, name) > 0);
      // What waited comes before what did not, or node-pg-migrate would find them in the wrong order.
      await client.query(
        `INSERT INTO ${table} (name, run_on)
        VALUES ($1, least(now()::timestamp, $2::timestamp - interval '1 microsecond'))`,
        [name, after?.at ?? null],
      );
      return true;
    },
  };
}

async function rowsOf(
  client: Client,
  table: string,
): Promise<readonly { readonly name: string; readonly at: string }[]> {
  const { rows } = await client.query<{ name: string; at: string }>(
    `SELECT name, run_on::text AS at FROM ${table} ORDER BY run_on, id`,
  );
  return rows;
}
