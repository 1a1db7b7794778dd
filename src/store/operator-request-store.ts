/** What people ask of a running deployment: rows, written with their audit entry in one transaction. */
import { sql, type Transaction } from 'kysely';
import { appendAudit, type NewAuditEntry } from './audit-store.ts';
import type { Database } from './database.ts';
import type { StoreSchema } from './schema.ts';

export interface OperatorRequest {
  readonly kind: 'abort';
  readonly actor: string;
  readonly reason: string;
}

/** Tells a running step at once; its payload is the deployment's number. */
export const REQUEST_CHANNEL = 'surefoot_request';

export async function addRequest(
  database: Database,
  deployment: number,
  request: OperatorRequest,
  audit: readonly NewAuditEntry[],
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('operator_requests')
      .values({ deployment, kind: request.kind, actor: request.actor, reason: request.reason })
      .execute();
    await sql`select pg_notify(${REQUEST_CHANNEL}, ${String(deployment)})`.execute(transaction);
    await appendAudit(transaction, audit);
  });
}

/**
 * Requests that the deployment has not reacted to, oldest first, and marks them as taken after the
 * command `commandKey`. The same key again gives the same requests: a repeated step sees what it saw.
 */
export async function takeRequests(
  transaction: Transaction<StoreSchema>,
  deployment: number,
  commandKey: string,
): Promise<readonly OperatorRequest[]> {
  const rows = await transaction
    .selectFrom('operator_requests')
    .select(['id', 'kind', 'actor', 'reason', 'handled_after'])
    .where('deployment', '=', deployment)
    .where((is) => is.or([is('handled_after', 'is', null), is('handled_after', '=', commandKey)]))
    .orderBy('id')
    .forUpdate()
    .execute();
  const open = rows.filter((row) => row.handled_after === null).map((row) => row.id);
  if (open.length > 0) {
    await transaction
      .updateTable('operator_requests')
      .set({ handled_after: commandKey })
      .where('id', 'in', open)
      .execute();
  }
  return rows.map(({ kind, actor, reason }) => ({ kind, actor, reason }));
}

export async function hasOpenRequest(database: Database, deployment: number): Promise<boolean> {
  const row = await database
    .selectFrom('operator_requests')
    .select('id')
    .where('deployment', '=', deployment)
    .where('handled_after', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
