/** Freezes: rows, each written and lifted with its audit entry in one transaction. */
import { sql, type RawBuilder } from 'kysely';
import type { PlacesNow } from '../core/deployment/closure.ts';
import type { Freeze, Place } from '../core/deployment/freeze.ts';
import { appendAudit, type NewAuditEntry } from './audit-store.ts';
import type { Database } from './database.ts';

export interface NewFreeze extends Place {
  readonly actor: string;
  readonly reason: string;
  /** RFC 3339; null when somebody must lift it. */
  readonly until: string | null;
}

/** All of them, or none. */
export async function addFreezes(
  database: Database,
  freezes: readonly NewFreeze[],
  audit: (freeze: Freeze) => NewAuditEntry,
): Promise<readonly Freeze[]> {
  return database.transaction().execute(async (transaction) => {
    const rows = await transaction
      .insertInto('freezes')
      .values([...freezes])
      .returning(['id', 'environment', 'service', 'actor', 'reason', 'until', 'began_at'])
      .execute();
    const added = rows.map(({ until, began_at, ...row }): Freeze => ({
      ...row,
      beganAt: began_at.toISOString(),
      until: until?.toISOString() ?? null,
    }));
    await appendAudit(transaction, added.map(audit));
    return added;
  });
}

/** Of those numbers which are in force; lifted before, or ended by itself, one is not lifted again. */
export async function liftFreezes(
  database: Database,
  ids: readonly number[],
  audit: (freeze: Freeze) => NewAuditEntry,
): Promise<readonly Freeze[]> {
  return database.transaction().execute(async (transaction) => {
    // Two who lift the same one at once: the second waits here, and then sees that it was lifted.
    await sql`select 1 from freezes where id = any(${ids}) order by id for update`.execute(
      transaction,
    );
    const { freezes } = await placesNow(transaction, null);
    const lifted = freezes.filter(({ id }) => ids.includes(id));
    if (lifted.length === 0) return [];
    await transaction
      .updateTable('freezes')
      .set({ lifted_at: sql`clock_timestamp()` })
      .where(
        'id',
        'in',
        lifted.map(({ id }) => id),
      )
      .execute();
    await appendAudit(transaction, lifted.map(audit));
    return lifted;
  });
}

/** By the database's clock; oldest first. Over any of some scopes, or all of them. */
export async function placesNow(
  database: Database,
  scopes: readonly string[] | null,
): Promise<PlacesNow> {
  const { rows } = await sql<PlacesNow>`select ${placesNowOver(scopes)}`.execute(database);
  return rows[0] ?? { freezes: [], atMs: 0 };
}

/** The same as columns of a larger statement, which must take the audit log's lock before. */
export function placesNowOver(
  scopes: readonly string[] | null | RawBuilder<unknown>,
): RawBuilder<PlacesNow> {
  return sql`freezes_over(${scopes}::text[]) as freezes,
    floor(extract(epoch from clock_timestamp()) * 1000)::float8 as "atMs"`;
}
