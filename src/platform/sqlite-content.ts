/** What a SQLite database holds at the moment of a transaction: its rows, table by table, and its definitions. */
import { createHash } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { setImmediate as othersFirst } from 'node:timers/promises';
import type { ContentPart } from '../core/backup/content.ts';

/** Nobody else waits for more than so many rows. */
const ROWS_AT_ONCE = 500;

/** Virtual tables keep their rows in others, which are here, too. */
const TABLES = `
  SELECT name FROM pragma_table_list
  WHERE schema = 'main' AND type IN ('table', 'shadow') AND name <> 'sqlite_schema' ORDER BY name`;

/** Of generated columns only the definition counts. */
const COLUMNS = 'SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0 ORDER BY cid';

const DEFINITIONS = `
  SELECT type, name, tbl_name AS "of", coalesce(sql, '') AS sql FROM sqlite_schema ORDER BY type, name`;

/**
 * A table's hash is the sum of those of its rows, so that their order does not count. What is text is hashed by its bytes,
 * also where they are none. Throws what SQLite says.
 */
export async function sqliteContent(
  database: DatabaseSync,
  signal: AbortSignal,
): Promise<readonly ContentPart[]> {
  const parts: ContentPart[] = [];
  for (const { name } of database.prepare(TABLES).all()) {
    parts.push(await tablePart(database, String(name), signal));
  }
  const definitions = database.prepare(DEFINITIONS).all();
  return [...parts, ...definitions.map(definitionPart), settingsPart(database)];
}

async function tablePart(
  database: DatabaseSync,
  name: string,
  signal: AbortSignal,
): Promise<ContentPart> {
  const columns = database.prepare(COLUMNS).all(name);
  const values = columns.map(({ name: column }) => {
    const quoted = quoteName(String(column));
    return `typeof(${quoted}), CASE typeof(${quoted}) WHEN 'text' THEN CAST(${quoted} AS BLOB) ELSE ${quoted} END`;
  });
  const rows = database.prepare(`SELECT ${values.join(', ')} FROM main.${quoteName(name)}`);
  rows.setReturnArrays(true);
  rows.setReadBigInts(true);
  let size = 0;
  let sum = 0n;
  for (const row of rows.iterate()) {
    size += 1;
    sum = BigInt.asUintN(64, sum + hashOf(row as unknown as readonly SQLOutputValue[]));
    if (size % ROWS_AT_ONCE > 0) continue;
    await othersFirst();
    signal.throwIfAborted();
  }
  return { name, size, hash: sum.toString(16) };
}

/** Each value with its length before it, so that no two rows are written the same. */
function hashOf(row: readonly SQLOutputValue[]): bigint {
  const hash = createHash('sha256');
  for (const value of row) {
    const bytes = value instanceof Uint8Array ? value : Buffer.from(wordOf(value));
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest().readBigUInt64BE();
}

function wordOf(value: Exclude<SQLOutputValue, Uint8Array>): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function definitionPart({ type, name, of, sql }: Record<string, SQLOutputValue>): ContentPart {
  return definition(`${String(type)} ${String(name)}`, [String(of), String(sql)]);
}

function settingsPart(database: DatabaseSync): ContentPart {
  const names = ['encoding', 'user_version', 'application_id'];
  const values = names.map((name) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {}));
  return definition('settings', values.flat().map(String));
}

function definition(of: string, lines: readonly string[]): ContentPart {
  const hash = createHash('sha256').update(JSON.stringify(lines)).digest('hex');
  return { name: `definition of ${of}`, isDefinition: true, size: lines.length, hash };
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
