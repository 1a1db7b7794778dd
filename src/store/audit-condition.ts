/** Whether the audit log is whole, and whether the database itself refuses to change it. */
import { sql } from 'kysely';
import type { Database } from './database.ts';

export interface AuditCondition {
  readonly entries: number;
  /** How many were ever written. */
  readonly written: number;
  /** The newest number. */
  readonly last: number;
  /** Of the triggers that refuse changes, those that are not in force. */
  readonly unguarded: readonly string[];
}

const GUARDS = ['audit_entries_stay', 'audit_entries_are_kept'];

/** Null where there is no audit log yet. */
export async function readAuditCondition(database: Database): Promise<AuditCondition | null> {
  const { rows: found } = await sql<{ there: boolean }>`
    select to_regclass('audit_entries') is not null as there`.execute(database);
  if (found[0]?.there !== true) return null;
  const { rows } = await sql<Omit<AuditCondition, 'unguarded'>>`
    select count(*) as entries, coalesce(max(sequence), 0) as last,
      (select sequence from audit_head) as written
    from audit_entries`.execute(database);
  const { rows: guards } = await sql<{ name: string }>`
    select tgname as name from pg_trigger
    where tgrelid = 'audit_entries'::regclass and tgenabled in ('O', 'A')`.execute(database);
  const [counts] = rows;
  const inForce = guards.map(({ name }) => name);
  return {
    ...{ entries: 0, last: 0, written: 0, ...counts },
    unguarded: GUARDS.filter((name) => !inForce.includes(name)),
  };
}
