/** Appends to the audit log and reads it; nothing here can change or remove an entry. */
import { sql, type RawBuilder, type Transaction } from 'kysely';
import type { AuditBody, AuditEntry } from '../core/audit/audit-entry.ts';
import type { Database } from './database.ts';
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
): Promise<void> {
  await sql`with ${appendingAudit(entries)} select ${toldOf(entries)}`.execute(transaction);
}

/**
 * The same as a part of a larger statement, for what happens at every step: common table expressions
 * to be followed by `select`, of which `toldOf` must be a column.
 */
export function appendingAudit(entries: readonly NewAuditEntry[]): RawBuilder<unknown> {
  return sql`
    given as (
      select * from rows from (
        jsonb_to_recordset(${JSON.stringify(entries)}::jsonb)
          as (scope text, deployment integer, actor text, key text, body jsonb)
      ) with ordinality as given (scope, deployment, actor, key, body, place)
    ), fresh as (
      select scope, deployment, actor, key, body, row_number() over (order by place) as place
      from given
      where key is null or (
        select sequence from audit_entries present
        where present.deployment = given.deployment and present.key = given.key
        limit 1
      ) is null
    ), head as (
      update audit_head set sequence = sequence + (select count(*) from fresh)
      where exists (select 1 from fresh)
      returning sequence - (select count(*) from fresh) as last
    ), appended as (
      insert into audit_entries (sequence, scope, deployment, actor, key, body)
      select head.last + place, scope, deployment, actor, key, body from fresh, head
    )`;
}

/** The column that tells listeners; they hear of it when the statement's transaction commits. */
export function toldOf(entries: readonly NewAuditEntry[]): RawBuilder<unknown> {
  const deployment = entries.find((entry) => entry.deployment !== null)?.deployment;
  return sql`pg_notify(${AUDIT_CHANNEL}, ${String(deployment ?? '')})`;
}

/** The entry that a deployment recorded under a key; null when it did not. */
export async function findAuditBody(
  database: Database,
  deployment: number,
  key: string,
): Promise<AuditBody | null> {
  const row = await database
    .selectFrom('audit_entries')
    .select('body')
    .where('deployment', '=', deployment)
    .where('key', '=', key)
    .executeTakeFirst();
  return row?.body ?? null;
}

export async function readAudit(
  database: Database,
  query: { readonly deployment?: number; readonly after: number; readonly limit: number },
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
