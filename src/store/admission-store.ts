/** Deployments as they are admitted: one at a time per service, and once for each request. */
import { sql } from 'kysely';
import type { DeploymentState } from '../core/deployment/deployment-state.ts';
import type { Plan } from '../core/plan/plan.ts';
import { scopesOf } from '../core/plan/scopes-of.ts';
import { appendAudit, type NewAuditEntry } from './audit-store.ts';
import type { Database } from './database.ts';
import { selectDeployments, toRecord, type DeploymentRecord } from './deployment-store.ts';

export interface NewDeployment {
  readonly plan: Plan;
  readonly planDigest: string;
  readonly state: DeploymentState;
  /** Of each release's instances, by the digest of its configuration. */
  readonly environments: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly actor: string;
  readonly reason: string;
  readonly request: RequestMark | null;
  readonly audit: readonly NewAuditEntry[];
}

/** Tells a request from its repetition: the client's key, and the digest of all that was asked. */
export interface RequestMark {
  readonly key: string;
  readonly digest: string;
}

export type Admission =
  | { readonly kind: 'admitted'; readonly deployment: DeploymentRecord }
  /** The same request came before: its deployment, nothing new. */
  | { readonly kind: 'repeated'; readonly deployment: DeploymentRecord }
  /** The key came before with another request. */
  | { readonly kind: 'key-reused'; readonly by: number }
  | { readonly kind: 'busy'; readonly running: number; readonly scope: string }
  /** Another deployment took the number that the plan was made for. */
  | { readonly kind: 'outdated' };

/** The number the next deployment gets; a plan made for it is refused when another came first. */
export async function nextDeploymentNumber(database: Database): Promise<number> {
  const row = await database
    .selectFrom('deployments')
    .select(({ fn }) => fn.max('number').as('last'))
    .executeTakeFirst();
  return (row?.last ?? 0) + 1;
}

export async function admitDeployment(
  database: Database,
  request: NewDeployment,
): Promise<Admission> {
  const { plan } = request;
  return database.transaction().execute(async (transaction) => {
    // Serialises admissions, so that the answers below are still true when the row is written.
    await sql`lock table deployments in share row exclusive mode`.execute(transaction);
    const before = request.request && (await findRequested(transaction, request.request));
    if (before) return before;
    const running = await transaction
      .selectFrom('deployment_services')
      .select(['deployment', 'scope'])
      .where('scope', 'in', scopesOf(plan))
      .where('running', '=', true)
      .executeTakeFirst();
    if (running) return { kind: 'busy', running: running.deployment, scope: running.scope };
    if ((await nextDeploymentNumber(transaction)) !== plan.deployment) return { kind: 'outdated' };
    await transaction
      .insertInto('release_configs')
      .values(
        Object.entries(request.environments).map(([config_digest, environment]) => ({
          config_digest,
          environment: JSON.stringify(environment),
        })),
      )
      .onConflict((conflict) => conflict.column('config_digest').doNothing())
      .execute();
    const row = await transaction
      .insertInto('deployments')
      .values({
        number: plan.deployment,
        scope: plan.services[0].scope,
        status: 'running',
        plan: JSON.stringify(plan),
        plan_digest: request.planDigest,
        state: JSON.stringify(request.state),
        summary: null,
        actor: request.actor,
        reason: request.reason,
        request_key: request.request?.key ?? null,
        request_digest: request.request?.digest ?? null,
        ended_at: null,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await appendAudit(transaction, request.audit);
    return { kind: 'admitted', deployment: toRecord(row) };
  });
}

/** What the request started when it came before; null when its key is new. */
export async function findRequested(
  database: Database,
  request: RequestMark,
): Promise<Extract<Admission, { kind: 'repeated' | 'key-reused' }> | null> {
  const row = await selectDeployments(database)
    .where('request_key', '=', request.key)
    .executeTakeFirst();
  if (!row) return null;
  return row.request_digest === request.digest
    ? { kind: 'repeated', deployment: toRecord(row) }
    : { kind: 'key-reused', by: row.number };
}
