/** Whether the audit log is whole, and the database refuses to change it. */
import type { Observation } from '../../../core/compliance/observable-fact.ts';
import { OperationalError } from '../../../core/operational-error.ts';
import { postgresConnectionString } from '../../../platform/postgres-connection.ts';
import { readPostgresPlace } from '../../../platform/postgres-place.ts';
import { readAuditCondition, type AuditCondition } from '../../../store/audit-condition.ts';
import { isPassing, openDatabase } from '../../../store/database.ts';
import {
  broken,
  foreignDatabase,
  holds,
  unknown,
  type ObservedPlace,
  type Observe,
} from '../observed-place.ts';

export const auditLogKept: Observe = async (place) => {
  const connectionString = await connectionStringOf(place);
  if (connectionString === null) return unknown('Surefoot has no database here yet');
  const opened = openDatabase(connectionString);
  try {
    return judged(await readAuditCondition(opened.database));
  } catch (error) {
    if (error instanceof OperationalError) return broken(error.message);
    if (isPassing(error)) return unknown('PostgreSQL does not answer');
    throw error;
  } finally {
    await opened.close();
  }
};

async function connectionStringOf({ directory, host }: ObservedPlace): Promise<string | null> {
  const url = foreignDatabase(host);
  if (url !== null) return url;
  const place = await readPostgresPlace(directory);
  return place && postgresConnectionString(place);
}

function judged(condition: AuditCondition | null): Observation {
  if (!condition) return unknown('there is no audit log yet');
  const { entries, written, last, unguarded } = condition;
  if (unguarded.length > 0) return broken(`not in force: ${unguarded.join(', ')}`);
  if (entries !== written || last !== written) {
    return broken(`${written} entries were written, ${entries} are there, the last is ${last}`);
  }
  if (entries === 0) return unknown('the audit log has no entry yet');
  return holds(`${entries} entries without a gap, and changes are refused`);
}
