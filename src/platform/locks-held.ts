/** What a transaction keeps others from, on what they know. */
import type { Client } from 'pg';
import type { MigrationRun } from '../core/migration/migration-run.ts';
import { lockModes, strongestLock, type LockMode } from '../core/migration/lock-mode.ts';

/** All tables and what is read like them: what is made later is known to nobody else. */
export async function relationsNow(client: Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ oid: string }>(
    "SELECT oid::text AS oid FROM pg_class WHERE relkind IN ('r', 'p', 'm', 'v', 'f')",
  );
  return new Set(rows.map(({ oid }) => oid));
}

/** Of the running transaction the strongest on each of these, but for what only reads the system's own. */
export async function locksHeld(
  client: Client,
  relations: ReadonlySet<string>,
): Promise<MigrationRun['locks']> {
  const { rows } = await client.query<{ oid: string; relation: string; mode: string }>(
    `SELECT l.relation::text AS oid, format('%I.%I', n.nspname, c.relname) AS relation, l.mode
    FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.granted AND l.relation >= 16384 ORDER BY 2`,
  );
  const known = rows.filter(({ oid }) => relations.has(oid));
  return [...Map.groupBy(known, ({ relation }) => relation)].flatMap(([relation, held]) => {
    const mode = strongestLock(held.flatMap((each) => modeIn(each.mode) ?? []));
    return mode === null ? [] : [{ relation, mode }];
  });
}

/** `AccessExclusiveLock` as the manual writes it: `ACCESS EXCLUSIVE`. */
function modeIn(written: string): LockMode | undefined {
  return lockModes.find((mode) => `${mode.replaceAll(' ', '')}LOCK` === written.toUpperCase());
}
