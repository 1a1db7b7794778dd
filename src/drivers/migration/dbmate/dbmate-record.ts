/**
 * The table in which dbmate keeps which versions were applied. It takes no lock, but no version is there twice: who adds one
 * first keeps the other waiting, and that one then takes back all that it did.
 */
import type { Client } from 'pg';
import { searchPathSetting } from '../../../platform/table-named.ts';
import { isThere, type ToolRecord } from '../../../platform/migration-record.ts';

export function dbmateRecord(named: string, schemas: readonly string[] | undefined): ToolRecord {
  return {
    settings: schemas ? searchPathSetting(schemas) : '',
    async prepare(client) {
      const table = await placeOf(client, named);
      await client.query(
        `CREATE TABLE IF NOT EXISTS ${table} (version character varying NOT NULL PRIMARY KEY)`,
      );
    },
    async applied(client) {
      const table = await placeOf(client, named);
      if (!(await isThere(client, table))) return [];
      const { rows } = await client.query<{ version: string }>(
        `SELECT version FROM ${table} ORDER BY version`,
      );
      return rows.map(({ version }) => version);
    },
    async add(client, version) {
      const table = await placeOf(client, named);
      const { rowCount } = await client.query(
        `INSERT INTO ${table} (version) VALUES ($1) ON CONFLICT DO NOTHING`,
        [version],
      );
      return rowCount === 1;
    },
  };
}

/** dbmate takes the first schema of the way there is, and no other where the table may be as well. */
async function placeOf(client: Client, named: string): Promise<string> {
  if (named.includes('.')) return named;
  const { rows } = await client.query<{ place: string }>(
    "SELECT format('%I.%I', coalesce(current_schema(), 'public'), $1::text) AS place",
    [named],
  );
  return rows[0]?.place ?? named;
}
