/** What people ask of a running deployment: rows, written with their audit entry in one transaction. */
import { sql, type RawBuilder, type Transaction } from 'kysely';
import type {
  NewOperatorRequest,
  OperatorRequest,
  RequestKind,
} from '../core/deployment/operator-request.ts';
import { appendAudit, type NewAuditEntry } from './audit-store.ts';
import type { Database } from './database.ts';
import type { StoreSchema } from './schema.ts';

/** Tells a running step at once; its payload is the deployment's number. */
export const REQUEST_CHANNEL = 'surefoot_request';

/** The request's number; null when the deployment has ended: then nothing is written. */
export async function addRequest(
  database: Database,
  deployment: number,
  { kind, actor, reason, ...details }: NewOperatorRequest,
  audit: (id: number) => readonly NewAuditEntry[],
): Promise<number | null> {
  return database.transaction().execute(async (transaction) => {
    const running = await transaction
      .selectFrom('deployments')
      .select('number')
      .where('number', '=', deployment)
      .where('status', '=', 'running')
      .forShare()
      .executeTakeFirst();
    if (!running) return null;
    const { id } = await transaction
      .insertInto('operator_requests')
      .values({ deployment, kind, actor, reason, details: JSON.stringify(details) })
      .returning('id')
      .executeTakeFirstOrThrow();
    await sql`select pg_notify(${REQUEST_CHANNEL}, ${String(deployment)})`.execute(transaction);
    await appendAudit(transaction, audit(id));
    return id;
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
  const rows = await transaction
    .updateTable('operator_requests')
    .set({ handled_after: 'end' })
    .where('deployment', '=', deployment)
    .where('handled_after', 'is', null)
    .returning(['id', 'kind', 'actor', 'reason', 'details'])
    .execute();
  // Each kind has the details that it was added with.
  return rows.map(({ details, ...row }) => ({ ...row, ...details }) as OperatorRequest);
}

/** The kinds of those that the deployment has not reacted to. */
export async function openRequests(
  database: Database,
  deployment: number,
): Promise<readonly RequestKind[]> {
  const rows = await database
    .selectFrom('operator_requests')
    .select('kind')
    .distinct()
    .where('deployment', '=', deployment)
    .where('handled_after', 'is', null)
    .execute();
  return rows.map(({ kind }) => kind);
}
