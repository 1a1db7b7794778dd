/** What a transaction keeps others from, on what they know. */
import type { Client } from 'pg';
import type { MigrationRun } from '../../contract.ts';

/** From the weakest to the strongest, as `pg_locks` writes them. */
const MODES = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

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
  const strongest = new Map<string, string>();
  for (const { oid, relation, mode } of rows) {
    if (!relations.has(oid)) continue;
    const known = strongest.get(relation);
    if (known === undefined || MODES.indexOf(mode) > MODES.indexOf(known)) {
      strongest.set(relation, mode);
    }
  }
  return [...strongest].map(([relation, mode]) => ({ relation, mode: inWords(mode) }));
}

/** `AccessExclusiveLock` as the manual writes it: `ACCESS EXCLUSIVE`. */
function inWords(mode: string): string {
  return mode
    .replace(/Lock$/, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase();
}
