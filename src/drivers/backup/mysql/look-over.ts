/** Whether all of a database can be taken, before anything is: what a dump would lack, or have of another moment, is refused. */
import { missingGrants } from '../../../core/backup/mariadb-grants.ts';
import { mariadbSeries } from '../../../core/backup/mariadb-series.ts';
import { operationalError } from '../../../core/operational-error.ts';
import { isMariadbError } from '../../../platform/mariadb-errors.ts';
import {
  askOne,
  quoteMariadbName as quote,
  textOf,
  type MariadbSession,
} from '../../../platform/open-mariadb.ts';
import type { Origin } from './origin.ts';

const SYSTEM = new Set(['information_schema', 'mysql', 'performance_schema', 'sys']);

export interface LookedOver {
  readonly version: string;
  readonly origin: Origin;
}

/** Throws `backup-unverifiable` with the place, the reason and the way out. */
export async function lookOver(session: MariadbSession): Promise<LookedOver> {
  const { database } = session;
  const found = await askOne(
    session,
    `SELECT VERSION() AS version, @@innodb_page_size AS pageBytes, @@lower_case_table_names AS lowerCaseNames,
      DEFAULT_CHARACTER_SET_NAME AS charset, DEFAULT_COLLATION_NAME AS collation
    FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()`,
  );
  const version = textOf(found, 'version');
  const series = mariadbSeries(version);
  if (SYSTEM.has(database.toLowerCase())) {
    throw refused(`"${database}" is the server's own. Name one of yours`);
  }
  await refuseHidden(session);
  await refuseTables(session);
  await refuseBrokenViews(session);
  const [charset, collation] = [textOf(found, 'charset'), textOf(found, 'collation')];
  return {
    version,
    origin: {
      ...{ format: 1, series, database, charset, collation, definers: await definersOf(session) },
      pageBytes: Number(textOf(found, 'pageBytes')),
      lowerCaseNames: textOf(found, 'lowerCaseNames'),
    },
  };
}

/** What a user may not see is not there for him, and a dump lacks it without a word. */
async function refuseHidden(session: MariadbSession): Promise<void> {
  const rows = await session.ask('SHOW GRANTS FOR CURRENT_USER');
  const lines = rows.flatMap((row) => Object.values(row)).map(String);
  const missing = missingGrants(lines, session.database);
  if (missing.length === 0) return;
  const grants = missing.map((grant) => `GRANT ${grant} TO …`).join('; ');
  throw refused(`Its user may not read all of ${session.database}. As an administrator: ${grants}`);
}

const TABLES = `
  SELECT TABLE_NAME AS name, TABLE_TYPE AS type, IFNULL(ENGINE, '') AS engine
  FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE NOT IN ('VIEW')
  ORDER BY TABLE_NAME`;

async function refuseTables(session: MariadbSession): Promise<void> {
  for (const row of await session.ask(TABLES)) {
    const [name, engine] = [textOf(row, 'name'), textOf(row, 'engine')];
    const table = `Table ${session.database}.${name}`;
    const way = `ALTER TABLE ${quote(name)} ENGINE=InnoDB, or take the database with the driver "command"`;
    if (textOf(row, 'type') === 'SYSTEM VERSIONED') {
      const why = 'keeps the history of its rows, which a dump lacks';
      throw refused(`${table} ${why}. Take the database with the driver "command"`);
    }
    if (engine !== 'InnoDB') {
      throw refused(`${table} is of engine ${engine || 'unknown'}, which keeps no moment. ${way}`);
    }
  }
}

const INVALID_VIEW = 1356;
const VIEWS =
  'SELECT TABLE_NAME AS name FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()';

async function refuseBrokenViews(session: MariadbSession): Promise<void> {
  for (const row of await session.ask(VIEWS)) {
    const name = textOf(row, 'name');
    try {
      await session.ask(`SHOW FIELDS FROM ${quote(name)}`);
    } catch (error) {
      if (!isMariadbError(error) || error.errno !== INVALID_VIEW) throw error;
      const why = `View ${session.database}.${name} cannot be read: ${error.sqlMessage}`;
      throw refused(`${why}. Mend it, or drop it`);
    }
  }
}

/** The host is behind the last `@`. */
const DEFINERS = `
  SELECT DEFINER AS who FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()
  UNION SELECT DEFINER FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()
  UNION SELECT DEFINER FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()
  UNION SELECT DEFINER FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()`;

async function definersOf(session: MariadbSession): Promise<Origin['definers']> {
  const rows = await session.ask(DEFINERS);
  return rows.map((row) => {
    const who = textOf(row, 'who');
    const at = who.lastIndexOf('@');
    return at < 0 ? { name: who, host: '' } : { name: who.slice(0, at), host: who.slice(at + 1) };
  });
}

function refused(why: string): Error {
  return operationalError('backup-unverifiable', `${why}.`);
}
