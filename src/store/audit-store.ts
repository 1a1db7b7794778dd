/** Appends to the audit log and reads it; nothing here can change or remove an entry. */
import { sql, type RawBuilder, type Transaction } from 'kysely';
import type { AuditBody, AuditEntry } from '../core/audit/audit-entry.ts';
import type { Database } from './database.ts';
import type { DriverTerm } from './driver-term.ts';
import { jsonb } from './jsonb.ts';
import type { StoreSchema } from './schema.ts';

export interface NewAuditEntry {
  readonly scope: string | null;
  readonly deployment: number | null;
  readonly actor: string;
  /** Unique within the deployment; a second entry with the same key is not written. */
  readonly key: string | null;
  readonly body: AuditBody;
}

/** Told to listeners with every commit that appended; its payload is the deployment's number. */
export const AUDIT_CHANNEL = 'surefoot_audit';

/**
 * Appends in the caller's transaction, which then holds the log's lock until it commits: append last.
 * Entries whose key is there already are left out, so that a repeated step records once.
 */
export async function appendAudit(
  transaction: Transaction<StoreSchema>,
  entries: readonly NewAuditEntry[],
  term: DriverTerm = null,
): Promise<void> {
  await sql`select ${appendedAudit(entries, term)}`.execute(transaction);
}

/** The same as columns of a larger statement, for what happens at every step. */
export function appendedAudit(
  entries: readonly NewAuditEntry[],
  term: DriverTerm = null,
): RawBuilder<unknown> {
  const deployment = entries.find((entry) => entry.deployment !== null)?.deployment;
  return sql`
    ${appending(entries, term)},
    pg_notify(${AUDIT_CHANNEL}, ${String(deployment ?? '')})`;
}

function appending(entries: readonly NewAuditEntry[], term: DriverTerm): RawBuilder<unknown> {
  return term === null
    ? sql`append_audit(${jsonb(entries)}::jsonb)`
    : sql`append_as_driver(${jsonb(entries)}::jsonb, ${term})`;
}

/** The column with what was recorded under the key; null when nothing was. */
export function recordedBody(deployment: number, key: string): RawBuilder<unknown> {
  return sql`(select body from audit_entries where deployment = ${deployment} and key = ${key})`;
}

export interface AuditQuery {
  readonly deployment?: number;
  /** Entries with a higher sequence. */
  readonly after: number;
  readonly limit: number;
}

export async function readAudit(
  database: Database,
  query: AuditQuery,
): Promise<readonly AuditEntry[]> {
  let select = database
    .selectFrom('audit_entries')
    .selectAll()
    .where('sequence', '>', query.after)
    .orderBy('sequence')
    .limit(query.limit);
  if (query.deployment !== undefined) select = select.where('deployment', '=', query.deployment);
  const rows = await select.execute();
  return rows.map((row) => ({
    sequence: row.sequence,
    at: row.at.toISOString(),
    scope: row.scope,
    deployment: row.deployment,
    actor: row.actor,
    body: row.body,
  }));
}
