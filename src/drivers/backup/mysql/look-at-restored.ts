/** Looks at all that is in a server that was restored, to be compared with what was taken. */
import type { ContentPart } from '../../../core/backup/content.ts';
import { mariadbAddress } from '../../../platform/mariadb-address.ts';
import { mariadbDefinitionParts, mariadbRows } from '../../../platform/mariadb-content.ts';
import { throwUnverifiableMariadb } from '../../../platform/mariadb-errors.ts';
import {
  openMariadb,
  quoteMariadbName as quote,
  textOf,
  type MariadbSession,
} from '../../../platform/open-mariadb.ts';
import type { Restored } from '../../contract.ts';

/** Also databases that the dump has made without being of them. */
const DATABASES = `
  SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA
  WHERE SCHEMA_NAME NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys') ORDER BY 1`;

const TABLES = `
  SELECT TABLE_NAME AS name FROM information_schema.TABLES
  WHERE TABLE_SCHEMA = ? AND TABLE_TYPE <> 'SEQUENCE' ORDER BY 1`;

export function lookAtRestored(
  url: string,
  signal: AbortSignal,
): Pick<Restored, 'parts' | 'faults'> {
  return { parts: () => ofEach(url, partsOf, signal), faults: () => ofEach(url, faultsOf, signal) };
}

async function ofEach<Found>(
  url: string,
  look: (session: MariadbSession, database: string) => Promise<readonly Found[]>,
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const session = await openMariadb(mariadbAddress(url), signal);
  try {
    const found: Found[] = [];
    for (const row of await session.ask(DATABASES)) {
      found.push(...(await look(session, textOf(row, 'name'))));
    }
    return found;
  } catch (error) {
    return throwUnverifiableMariadb(error);
  } finally {
    await session.end();
  }
}

async function partsOf(session: MariadbSession, database: string): Promise<readonly ContentPart[]> {
  await session.ask('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
  const rows = await mariadbRows(session, database);
  await session.ask('COMMIT');
  return [...rows, ...(await mariadbDefinitionParts(session, database))];
}

/** Each index against its table, and each view against what it reads. */
async function faultsOf(session: MariadbSession, database: string): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const row of await session.ask(TABLES, [database])) {
    const name = textOf(row, 'name');
    const said = await session.ask(`CHECK TABLE ${quote(database)}.${quote(name)} EXTENDED`);
    for (const line of said) {
      if (line['Msg_type'] === 'status' && line['Msg_text'] === 'OK') continue;
      if (line['Msg_type'] === 'note') continue;
      faults.push(`${database}.${name}: ${String(line['Msg_text'])}`);
    }
  }
  return faults;
}
