/** Deployments: advanced with their audit entries, and ended once. */
import { sql, type RawBuilder } from 'kysely';
import type { AuditBody } from '../core/audit/audit-entry.ts';
import type { PlacesNow } from '../core/deployment/closure.ts';
import type { OperatorRequest } from '../core/deployment/operator-request.ts';
import type { DeploymentState } from '../core/deployment/deployment-state.ts';
import type { DeploymentSummary } from '../core/deployment/deployment-summary.ts';
import type { WatchedSeconds } from '../core/gates/watch-seconds.ts';
import type { PoolId, Scope } from '../core/model/ids.ts';
import { operationalError } from '../core/operational-error.ts';
import type { Plan } from '../core/plan/plan.ts';
import { appendAudit, appendedAudit, recordedBody, type NewAuditEntry } from './audit-store.ts';
import type { Database } from './database.ts';
import type { DriverTerm } from './driver-term.ts';
import { placesNowOver } from './freeze-store.ts';
import { jsonb } from './jsonb.ts';
import { takeLateRequests, takenRequests } from './operator-request-store.ts';
import { planAsRecorded, stateAsRecorded } from './plan-as-recorded.ts';
import type { DeploymentStatus } from './schema.ts';
import { watchesAsRecorded } from './watch-as-recorded.ts';
import { keptWatches } from './watch-store.ts';

export interface DeploymentRecord {
  readonly number: number;
  readonly status: DeploymentStatus;
  /** Of the driver that may write; rises when one was lost for good. */
  readonly resumption: number;
  readonly plan: Plan;
  readonly planDigest: string;
  readonly state: DeploymentState;
  readonly summary: DeploymentSummary | null;
  readonly actor: string;
  readonly reason: string;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

export interface Progress {
  readonly deployment: number;
  readonly resumption: number;
  readonly state: DeploymentState;
  readonly outcomeKey: string;
  readonly audit: readonly NewAuditEntry[];
}

/** With the places of its services, as they were when its entries were appended. */
export interface SavedProgress extends PlacesNow {
  /** What is recorded under the outcome's key already; null when nothing is. */
  readonly outcome: AuditBody | null;
  /** What a watch for this outcome had seen before it was cut off; scopes without any are missing. */
  readonly watched: KeptWatches;
}

export type KeptWatches = Readonly<Partial<Record<Scope, WatchedSeconds>>>;

export interface RecordedCommand {
  readonly deployment: number;
  readonly commandKey: string;
  readonly audit: readonly NewAuditEntry[];
}

export interface DeploymentEnd {
  readonly deployment: number;
  readonly status: Exclude<DeploymentStatus, 'running'>;
  readonly state: DeploymentState;
  readonly summary: DeploymentSummary;
  readonly audit: readonly NewAuditEntry[];
  /** What is recorded of a request that nothing reacted to any more. */
  readonly refusalOf: (request: OperatorRequest) => NewAuditEntry;
}

export interface DeploymentsQuery {
  readonly scope?: string;
  readonly environment?: string;
  readonly service?: string;
  readonly status?: DeploymentStatus;
  readonly kind?: Plan['kind'];
  readonly limit: number;
}

export interface LatestOfScope {
  readonly scope: Scope;
  readonly deployment: DeploymentRecord;
}

/**
 * State and what led to it, in one statement: every step waits for it. Running it twice changes
 * nothing. Returns what is recorded under `outcomeKey` already; null when nothing is. Throws
 * `driver-replaced` when a later driver has taken the deployment up, and when one has gone on: a
 * process that was cut off within a step must not set back where the deployment is taken up.
 */
export async function saveProgress(
  database: Database,
  progress: Progress,
  term: DriverTerm = null,
): Promise<SavedProgress> {
  const { deployment, resumption, state, outcomeKey, audit } = progress;
  const { rows } = await sql<SavedProgress>`
    update deployments set state = ${jsonb(state)}
    where number = ${deployment} and status = 'running' and resumption = ${resumption}
      and (${progressIn('lastRevertSequence')}, ${progressIn('lastForwardSequence')}, ${progressIn('attempt')})
        <= (${state.lastRevertSequence}, ${state.lastForwardSequence}, ${state.attempt})
    returning ${recordedBody(deployment, outcomeKey)} as outcome, ${appendedAudit(audit, term)},
      ${placesNowOver(scopesOfDeployment(deployment))},
      ${keptWatches(deployment, outcomeKey)} as watched
  `.execute(database);
  const [saved] = rows;
  if (saved) {
    const { outcome, freezes, atMs, watched } = saved;
    return { outcome, freezes, atMs, watched: watchesAsRecorded(watched) };
  }
  throw operationalError(
    'driver-replaced',
    `Deployment d${deployment} is not driven by resumption ${resumption} any more, or is further on.`,
  );
}

/** What only rises on the way of a deployment: a look has the token of what it looks for, and a new attempt. */
function progressIn(field: 'lastRevertSequence' | 'lastForwardSequence' | 'attempt') {
  return sql`(state ->> ${sql.lit(field)})::bigint`;
}

/**
 * Makes the next driver of a running deployment the only one that may write; null when it has ended
 * or was taken up by another since `resumption` was read.
 */
export async function takeUpDeployment(
  database: Database,
  deployment: number,
  resumption: number,
  term: DriverTerm = null,
): Promise<number | null> {
  const { rows } = await sql<{ readonly resumption: number }>`
    update deployments set resumption = ${resumption + 1}
    where number = ${deployment} and status = 'running' and resumption = ${resumption}
    returning resumption, ${appendedAudit([], term)}
  `.execute(database);
  return rows[0]?.resumption ?? null;
}

/**
 * What a command led to, and what people asked for meanwhile, in one statement: every step waits for
 * it. Running it twice with the same key records once and returns the same requests.
 */
export async function recordOutcome(
  database: Database,
  outcome: RecordedCommand,
  term: DriverTerm = null,
): Promise<readonly OperatorRequest[]> {
  const { deployment, commandKey, audit } = outcome;
  const requests = takenRequests(deployment, commandKey, audit[0]?.key ?? null);
  const { rows } = await sql<{ readonly requests: readonly OperatorRequest[] }>`
    select ${requests} as requests, ${appendedAudit(audit, term)}
  `.execute(database);
  return rows[0]?.requests ?? [];
}

/** Writes the end; a deployment that has ended stays as it is. */
export async function endDeployment(
  database: Database,
  end: DeploymentEnd,
  term: DriverTerm = null,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('deployments')
      .set({
        status: end.status,
        state: jsonb(end.state),
        summary: jsonb(end.summary),
        ended_at: sql`now()`,
      })
      .where('number', '=', end.deployment)
      .where('status', '=', 'running')
      .execute();
    await transaction
      .deleteFrom('deployment_watches')
      .where('deployment', '=', end.deployment)
      .execute();
    // As every step takes it: the log's lock comes before requests.
    await sql`select 1 from audit_head for update`.execute(transaction);
    const late = await takeLateRequests(transaction, end.deployment);
    // Before the entry of the end, which is the last that anybody follows.
    await appendAudit(transaction, [...late.map(end.refusalOf), ...end.audit], term);
  });
}

export async function findDeployment(
  database: Database,
  number: number,
): Promise<DeploymentRecord | null> {
  const row = await selectDeployments(database).where('number', '=', number).executeTakeFirst();
  return row ? toRecord(row) : null;
}

/** Which installation the database is of; as old as the database. */
export async function installationIdOf(database: Database): Promise<string> {
  const { id } = await database.selectFrom('installation').select('id').executeTakeFirstOrThrow();
  return id;
}

/** How long ago a deployment was admitted, by the database's clock alone. */
export async function deploymentAgeMs(database: Database, number: number): Promise<number> {
  const { age } = await database
    .selectFrom('deployments')
    .select(sql<number>`extract(epoch from clock_timestamp() - created_at)::float8`.as('age'))
    .where('number', '=', number)
    .executeTakeFirstOrThrow();
  return Math.round(age * 1000);
}

/** The deployment that brought a pool in; null when there is none. */
export async function findDeploymentOfPool(
  database: Database,
  pool: PoolId,
): Promise<DeploymentRecord | null> {
  const row = await selectDeployments(database)
    .where('number', 'in', (services) =>
      services.selectFrom('deployment_services').select('deployment').where('pool', '=', pool),
    )
    .executeTakeFirst();
  return row ? toRecord(row) : null;
}

/** Newest first. */
export async function listDeployments(
  database: Database,
  query: DeploymentsQuery,
): Promise<readonly DeploymentRecord[]> {
  let select = selectDeployments(database).orderBy('number', 'desc').limit(query.limit);
  const { scope, environment, service } = query;
  if (scope !== undefined) select = select.where(ofService(sql`scope = ${scope}`));
  if (environment !== undefined) {
    select = select.where(ofService(sql`split_part(scope, '/', 1) = ${environment}`));
  }
  if (service !== undefined) {
    select = select.where(ofService(sql`split_part(scope, '/', 2) = ${service}`));
  }
  if (query.status !== undefined) select = select.where('status', '=', query.status);
  if (query.kind !== undefined) select = select.where(sql`plan ->> 'kind'`, '=', query.kind);
  return (await select.execute()).map(toRecord);
}

/** The last deployment of every scope that ever had one. */
export async function listLatestByScope(database: Database): Promise<readonly LatestOfScope[]> {
  const rows = await database
    .selectFrom('deployment_services')
    .innerJoin('deployments', 'number', 'deployment')
    .distinctOn('deployment_services.scope')
    .selectAll('deployments')
    .select('deployment_services.scope as of_scope')
    .orderBy('of_scope')
    .orderBy('number', 'desc')
    .execute();
  return rows.map(({ of_scope: scope, ...row }) => ({ scope, deployment: toRecord(row) }));
}

/** The environment that a release's instances get; null when no deployment brought it. */
export async function findReleaseEnvironment(
  database: Database,
  configDigest: string,
): Promise<Readonly<Record<string, string>> | null> {
  const row = await database
    .selectFrom('release_configs')
    .select('environment')
    .where('config_digest', '=', configDigest)
    .executeTakeFirst();
  return row?.environment ?? null;
}

function scopesOfDeployment(deployment: number) {
  return sql`(select array_agg(scope) from deployment_services where deployment = ${deployment})`;
}

/** Deployments of which one service is such. */
function ofService(such: RawBuilder<unknown>) {
  return sql<boolean>`number in (select deployment from deployment_services where ${such})`;
}

export function selectDeployments(database: Database) {
  return database.selectFrom('deployments').selectAll();
}

type DeploymentRow = Awaited<ReturnType<ReturnType<typeof selectDeployments>['execute']>>[number];

export function toRecord(row: DeploymentRow): DeploymentRecord {
  const plan = planAsRecorded(row.plan);
  return {
    number: row.number,
    status: row.status,
    resumption: row.resumption,
    plan,
    planDigest: row.plan_digest,
    state: stateAsRecorded(row.state, plan),
    summary: row.summary,
    actor: row.actor,
    reason: row.reason,
    createdAt: row.created_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}
