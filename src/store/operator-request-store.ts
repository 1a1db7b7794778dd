/** What people ask of a running deployment: rows, written with their audit entry in one transaction. */
import { sql, type RawBuilder, type Transaction } from 'kysely';
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

/** False when the deployment has ended: then nothing is written. */
export async function addRequest(
  database: Database,
  deployment: number,
  request: OperatorRequest,
  audit: readonly NewAuditEntry[],
): Promise<boolean> {
  return database.transaction().execute(async (transaction) => {
    const running = await transaction
      .selectFrom('deployments')
      .select('number')
      .where('number', '=', deployment)
      .where('status', '=', 'running')
      .forShare()
      .executeTakeFirst();
    if (!running) return false;
    await transaction
      .insertInto('operator_requests')
      .values({ deployment, kind: request.kind, actor: request.actor, reason: request.reason })
      .execute();
    await sql`select pg_notify(${REQUEST_CHANNEL}, ${String(deployment)})`.execute(transaction);
    await appendAudit(transaction, audit);
    return true;
  });
}

/**
 * The column with the requests that the deployment has not reacted to, oldest first, marked as taken after
 * the command `commandKey`. Once `outcomeKey` is recorded it gives those of the first time: a repeated step
 * sees what it saw, and what was asked since is left to the commands that follow.
 */
export function takenRequests(
  deployment: number,
  commandKey: string,
  outcomeKey: string | null,
): RawBuilder<readonly OperatorRequest[]> {
  return sql`take_requests(${deployment}, ${commandKey}, ${outcomeKey})`;
}

/** In the transaction that ends the deployment: whoever asked until then finds out that it was too late. */
export async function takeLateRequests(
  transaction: Transaction<StoreSchema>,
  deployment: number,
): Promise<readonly OperatorRequest[]> {
  return transaction
    .updateTable('operator_requests')
    .set({ handled_after: 'end' })
    .where('deployment', '=', deployment)
    .where('handled_after', 'is', null)
    .returning(['kind', 'actor', 'reason'])
    .execute();
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
