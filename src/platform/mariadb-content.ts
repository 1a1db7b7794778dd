/** What a MariaDB database holds at the moment of a transaction: its rows, table by table, counted in the server itself. */
import { createHash } from 'node:crypto';
import type { ContentPart } from '../core/backup/content.ts';
import { operationalError } from '../core/operational-error.ts';
import { mariadbDefinitions } from './mariadb-definitions.ts';
import {
  askOne,
  quoteMariadbName as quote,
  textOf,
  type MariadbRow,
  type MariadbSession,
} from './open-mariadb.ts';

/** Of generated columns only the definition counts. Those that nobody sees who does not name them are here, too. */
const COLUMNS = `
  SELECT t.TABLE_NAME AS tab, COLUMN_NAME AS col, DATA_TYPE AS type
  FROM information_schema.TABLES AS t JOIN information_schema.COLUMNS AS c USING (TABLE_SCHEMA, TABLE_NAME)
  WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE' AND IS_GENERATED = 'NEVER'
  ORDER BY t.TABLE_NAME, ORDINAL_POSITION`;

/** More than any sum of so many rows as a table can have: what a row adds of which no hash could be made. */
const NOT_HASHED = 10n ** 41n;

/**
 * Rows at the moment of the transaction that the session has begun. A table's hash is the exact sum of the first 64 bits of the
 * SHA-256 of its rows, so that their order does not count. No lock on a table is kept longer than it is read.
 */
export async function mariadbRows(
  session: MariadbSession,
  database: string,
): Promise<readonly ContentPart[]> {
  const parts: ContentPart[] = [];
  for (const [table, columns] of await columnsByTable(session, database)) {
    await session.ask('SAVEPOINT before_table');
    const row = await askOne(
      session,
      `SELECT COUNT(*) AS n, IFNULL(SUM(IFNULL(${hashOf(columns)}, ${NOT_HASHED})), 0) AS hash
      FROM ${quote(database)}.${quote(table)}`,
    );
    await session.ask('ROLLBACK TO SAVEPOINT before_table');
    const hash = textOf(row, 'hash');
    if (BigInt(hash) >= NOT_HASHED) {
      const message = `Rows of ${database}.${table} are too large for the server to be hashed. Raise its max_allowed_packet.`;
      throw operationalError('backup-unverifiable', message);
    }
    parts.push({ name: `${database}.${shown(table)}`, size: Number(textOf(row, 'n')), hash });
  }
  return parts;
}

export async function mariadbDefinitionParts(
  session: MariadbSession,
  database: string,
): Promise<readonly ContentPart[]> {
  const definitions = await mariadbDefinitions(session, database);
  return definitions.map(({ object, name, lines }) => ({
    name: `${database}: definition of ${object}${name === '' ? '' : ` ${shown(name)}`}`,
    isDefinition: true,
    size: lines.length,
    hash: createHash('sha256').update(JSON.stringify(lines)).digest('hex'),
  }));
}

/** By which one of its columns is told from another. */
export async function columnsByTable(
  session: MariadbSession,
  database: string,
): Promise<ReadonlyMap<string, readonly MariadbRow[]>> {
  const rows = await session.ask(COLUMNS, [database]);
  return Map.groupBy(rows, (row) => textOf(row, 'tab'));
}

/** Each value has one of its own, of one length, so that no two rows are written the same; a null has none. */
function hashOf(columns: readonly MariadbRow[]): string {
  const hashes = columns.map((row) => `IFNULL(SHA2(${quote(textOf(row, 'col'))}, 256), '-')`);
  return `CAST(CONV(LEFT(SHA2(CONCAT('', ${hashes.join(', ')}), 256), 16), 16, 10) AS UNSIGNED)`;
}

/** One that could be taken for two is quoted. */
function shown(name: string): string {
  return /[.`]/.test(name) ? quote(name) : name;
}
