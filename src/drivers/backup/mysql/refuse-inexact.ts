/** Finds numbers that no dump keeps: MariaDB writes a FLOAT with six digits, and it may have more. */
import { operationalError } from '../../../core/operational-error.ts';
import { columnsByTable } from '../../../platform/mariadb-content.ts';
import {
  askOne,
  quoteMariadbName as quote,
  textOf,
  type MariadbRow,
  type MariadbSession,
} from '../../../platform/open-mariadb.ts';

/** Within the transaction that the session has begun. Throws `backup-unverifiable` with the first. */
export async function refuseInexact(session: MariadbSession): Promise<void> {
  const { database } = session;
  for (const [table, columns] of await columnsByTable(session, database)) {
    const floats = columns.filter((column) => TYPES.has(textOf(column, 'type')));
    if (floats.length === 0) continue;
    await session.ask('SAVEPOINT before_table');
    const counts = floats.map((column, index) => `${lostIn(column)} AS c${index}`);
    const row = await askOne(session, `SELECT ${counts.join(', ')} FROM ${quote(table)}`);
    await session.ask('ROLLBACK TO SAVEPOINT before_table');
    for (const [index, column] of floats.entries()) {
      const lost = textOf(row, `c${index}`);
      if (lost === '0') continue;
      const place = `${database}.${table}.${textOf(column, 'col')}`;
      const message = `${place} has ${lost} numbers with more digits than a dump keeps of a ${textOf(column, 'type')}. Make it DOUBLE or DECIMAL, or take the database with the driver "command".`;
      throw operationalError('backup-unverifiable', message);
    }
  }
}

const TYPES = new Set(['float', 'double']);

function lostIn(column: MariadbRow): string {
  const name = quote(textOf(column, 'col'));
  return `IFNULL(SUM(CAST(CAST(${name} AS CHAR) AS ${textOf(column, 'type')}) <> ${name}), 0)`;
}
