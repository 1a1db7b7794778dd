/** The schema of a PostgreSQL database as it is compared: without what Surefoot and its migrators keep in it. */
import { createHash } from 'node:crypto';
import { DatabaseError, type Client } from 'pg';
import { operationalError } from '../core/operational-error.ts';
import type { SchemaObject, SchemaObjects } from '../core/schema/schema-objects.ts';
import { definitionLines, type DefinitionLine } from './postgres-definitions.ts';
import { withSnapshot } from './with-snapshot.ts';

/** However a role or a database is set, the same object is written the same way. */
const SAME_WORDS =
  'SET LOCAL search_path = pg_catalog; SET LOCAL quote_all_identifiers = off; SET LOCAL datestyle = ISO; SET LOCAL timezone = UTC';

/** Behind the name of a sequence that of the table that it numbers. */
const OWNED_SEQUENCES = `
  SELECT format('%I.%I', m.nspname, s.relname) AS sequence, format('%I.%I', n.nspname, c.relname) AS table
  FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_namespace m ON m.oid = s.relnamespace
  JOIN pg_class c ON c.oid = d.refobjid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')`;

const DIGEST_LENGTH = 16;

/**
 * Without the tables that are named, in whatever schema where none is said. Neither data nor the order of columns counts.
 * Throws `database-unreachable`, also of one that answers too late, and what the signal says.
 */
export function postgresSchema(
  url: string,
  apart: readonly string[],
  signal: AbortSignal,
): Promise<SchemaObjects> {
  return withSnapshot(url, signal, async (client) => {
    await client.query(SAME_WORDS);
    const left = await leftOut(client, apart);
    const lines = await definitionLines(client).catch(throwUnread);
    return objectsOf(lines.filter(({ object }) => !left(object)));
  });
}

async function leftOut(
  client: Client,
  apart: readonly string[],
): Promise<(object: string) => boolean> {
  const isApart = (object: string): boolean =>
    apart.some((name) => object === name || (!name.includes('.') && object.endsWith(`.${name}`)));
  const { rows } = await client.query<{ sequence: string; table: string }>(OWNED_SEQUENCES);
  const sequences = new Set(
    rows.flatMap(({ sequence, table }) => (isApart(table) ? [sequence] : [])),
  );
  return (object) => isApart(object) || sequences.has(object);
}

function objectsOf(lines: readonly DefinitionLine[]): SchemaObjects {
  const objects = Map.groupBy(lines, ({ object }) => object);
  return Object.fromEntries([...objects].map(([name, all]) => [name, digestsOf(all)]));
}

/** A column is the same wherever it stands. */
const POSITION = /^column \d+ /;

/** Of each no more than a digest: how something is built may be secret, and is kept for long. */
function digestsOf(lines: readonly DefinitionLine[]): SchemaObject {
  return Object.fromEntries(
    [...Map.groupBy(lines, ({ what }) => what)].map(([what, all]) => {
      const sorted = all.map(({ line }) => line.replace(POSITION, 'column ')).sort();
      const digest = createHash('sha256').update(sorted.join('\n')).digest('hex');
      return [what, digest.slice(0, DIGEST_LENGTH)];
    }),
  );
}

/** `query_canceled`, `lock_not_available`. */
const TOO_LATE: ReadonlySet<string> = new Set(['57014', '55P03']);

/** Somebody may hold a lock just now on what is read. */
function throwUnread(error: unknown): never {
  if (!(error instanceof DatabaseError) || !TOO_LATE.has(error.code ?? '')) throw error;
  const message = `The schema cannot be read: ${error.message}. Somebody may hold a lock on what is read.`;
  throw operationalError('database-unreachable', message, { cause: error, effect: 'none' });
}
