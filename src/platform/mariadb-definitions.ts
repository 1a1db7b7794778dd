/** How a MariaDB database is built, object by object, in the server's own words. */
import { operationalError } from '../core/operational-error.ts';
import { quoteMariadbName as quote, textOf, type MariadbSession } from './open-mariadb.ts';

export interface MariadbDefinition {
  /** `table`, `procedure`. */
  readonly object: string;
  readonly name: string;
  readonly lines: readonly string[];
}

/** Each gives the kind of an object, as `SHOW CREATE` calls it, its name, and what stands in no `SHOW CREATE`. */
const OBJECTS: readonly string[] = [
  `SELECT CASE TABLE_TYPE WHEN 'VIEW' THEN 'VIEW' WHEN 'SEQUENCE' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, TABLE_NAME AS name, '' AS more
    FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?`,
  `SELECT ROUTINE_TYPE AS kind, ROUTINE_NAME AS name, '' AS more
    FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?`,
  `SELECT 'TRIGGER' AS kind, TRIGGER_NAME AS name, CONCAT('turn ', ACTION_ORDER) AS more
    FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?`,
  `SELECT 'EVENT' AS kind, EVENT_NAME AS name, '' AS more
    FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?`,
];

const DATABASE = `
  SELECT DEFAULT_CHARACTER_SET_NAME AS charset, DEFAULT_COLLATION_NAME AS collation
  FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?`;

/** In the order of their names. Throws `backup-unverifiable` for one that the session may not see. */
export async function mariadbDefinitions(
  session: MariadbSession,
  database: string,
): Promise<readonly MariadbDefinition[]> {
  const found: MariadbDefinition[] = [];
  for (const row of await session.ask(DATABASE, [database])) {
    const lines = [textOf(row, 'charset'), textOf(row, 'collation')];
    found.push({ object: 'the database', name: '', lines });
  }
  for (const query of OBJECTS) {
    for (const row of await session.ask(query, [database])) {
      const [kind, name] = [textOf(row, 'kind'), textOf(row, 'name')];
      const lines = await wordsOf(session, kind, { database, name });
      found.push({ object: kind.toLowerCase(), name, lines: [...lines, textOf(row, 'more')] });
    }
  }
  return found.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

function keyOf({ object, name }: MariadbDefinition): string {
  return `${object} ${name}`;
}

/** Moves with each row, and belongs to no moment. */
const NEXT_NUMBER = /^(\) ENGINE=\w+) AUTO_INCREMENT=\d+/m;
/** When it was made here. */
const OF_HERE = new Set(['Created']);

async function wordsOf(
  session: MariadbSession,
  kind: string,
  { database, name }: { readonly database: string; readonly name: string },
): Promise<readonly string[]> {
  const [row] = await session.ask(`SHOW CREATE ${kind} ${quote(database)}.${quote(name)}`);
  const values = Object.entries(row ?? {}).filter(([column]) => !OF_HERE.has(column));
  if (values.length === 0 || values.some(([, value]) => value === null)) {
    const message = `The definition of ${kind.toLowerCase()} ${database}.${name} is not to be seen by this user.`;
    throw operationalError('backup-unverifiable', message);
  }
  return values.map(([, value]) => (value ?? '').replace(NEXT_NUMBER, '$1'));
}
