/** What a transaction keeps others from, on what they know. */
import type { Client } from 'pg';
import type { HeldLock } from '../core/migration/migration-run.ts';
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
): Promise<readonly HeldLock[]> {
  return strongestOf(await locksOf(client, 'pg_backend_pid()', []), relations);
}

/** The same of all sessions of this name, at this moment; null where there is none. */
export async function locksOfSessions(
  client: Client,
  name: string,
  relations: ReadonlySet<string>,
): Promise<readonly HeldLock[] | null> {
  const sessions = 'SELECT pid FROM pg_stat_activity WHERE application_name = $1';
  const { rowCount } = await client.query(`${sessions} LIMIT 1`, [name]);
  if (rowCount === 0) return null;
  return strongestOf(await locksOf(client, sessions, [name]), relations);
}

export function strongestEach(held: readonly HeldLock[]): readonly HeldLock[] {
  return [...Map.groupBy(held, ({ relation }) => relation)].flatMap(([relation, all]) => {
    const mode = strongestLock(all.map((each) => each.mode));
    return mode === null ? [] : [{ relation, mode }];
  });
}

interface LockRow {
  readonly oid: string;
  readonly relation: string;
  readonly mode: string;
}

function strongestOf(
  rows: readonly LockRow[],
  relations: ReadonlySet<string>,
): readonly HeldLock[] {
  const known = rows.filter(({ oid }) => relations.has(oid));
  return strongestEach(
    known.flatMap(({ relation, mode: written }) => {
      const mode = modeIn(written);
      return mode === undefined ? [] : [{ relation, mode }];
    }),
  );
}

async function locksOf(
  client: Client,
  sessions: string,
  values: readonly string[],
): Promise<readonly LockRow[]> {
  const { rows } = await client.query<LockRow>(
    `SELECT l.relation::text AS oid, format('%I.%I', n.nspname, c.relname) AS relation, l.mode
    FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE l.pid IN (${sessions}) AND l.locktype = 'relation' AND l.granted AND l.relation >= 16384
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 2`,
    [...values],
  );
  return rows;
}

/** `AccessExclusiveLock` as the manual writes it: `ACCESS EXCLUSIVE`. */
function modeIn(written: string): LockMode | undefined {
  return lockModes.find((mode) => `${mode.replaceAll(' ', '')}LOCK` === written.toUpperCase());
}
