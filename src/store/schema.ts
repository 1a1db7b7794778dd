/** The tables as kysely sees them; the migrations create them. */
import type { ColumnType, Generated } from 'kysely';
import type { DeploymentState } from '../core/deployment/deployment-state.ts';
import type { RequestKind } from '../core/deployment/operator-request.ts';
import type { AuditBody } from '../core/audit/audit-entry.ts';
import type { DeploymentSummary } from '../core/deployment/deployment-summary.ts';
import type { WatchedSeconds } from '../core/gates/watch-seconds.ts';
import type { Scope } from '../core/model/ids.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { PlanOfOneService, StateOfOneService } from './plan-as-recorded.ts';

export type DeploymentStatus = 'running' | 'promoted' | 'reverted' | 'held';

export interface AuditTable {
  sequence: ColumnType<number, number, never>;
  at: ColumnType<Date, never, never>;
  scope: ColumnType<string | null, string | null, never>;
  deployment: ColumnType<number | null, number | null, never>;
  actor: ColumnType<string, string, never>;
  /** One entry for each (deployment, key); what is recorded twice after a crash is kept once. */
  key: ColumnType<string | null, string | null, never>;
  body: ColumnType<AuditBody, string, never>;
}

export interface DeploymentTable {
  number: number;
  /** Of its first service, for older versions. */
  scope: ColumnType<string, string, never>;
  status: DeploymentStatus;
  plan: ColumnType<Plan | PlanOfOneService, string, never>;
  plan_digest: string;
  state: ColumnType<DeploymentState | StateOfOneService, string, string>;
  /** How often the deployment was taken up anew after its driver was lost for good. */
  resumption: ColumnType<number, never, number>;
  summary: ColumnType<DeploymentSummary | null, string | null, string | null>;
  actor: string;
  reason: string;
  request_key: string | null;
  /** Digest of the whole request that the key came with. */
  request_digest: string | null;
  created_at: ColumnType<Date, never, never>;
  ended_at: ColumnType<Date | null, string | null, string | null>;
}

/** Written by the database itself, with its deployment. */
export interface DeploymentServiceTable {
  deployment: ColumnType<number, never, never>;
  scope: ColumnType<Scope, never, never>;
  pool: ColumnType<string | null, never, never>;
  running: ColumnType<boolean, never, never>;
}

export interface DeploymentWatchTable {
  deployment: number;
  scope: Scope;
  outcome_key: string;
  watched: ColumnType<WatchedSeconds, string, string>;
}

export interface OperatorRequestTable {
  id: Generated<number>;
  deployment: number;
  kind: RequestKind;
  actor: string;
  reason: string;
  /** What the kind has beyond that. */
  details: ColumnType<Readonly<Record<string, unknown>>, string, never>;
  created_at: ColumnType<Date, never, never>;
  /** Sequence of the command after which the deployment took notice; null until then. */
  handled_after: string | null;
}

export interface ReleaseConfigTable {
  config_digest: string;
  environment: ColumnType<Record<string, string>, string, never>;
}

export interface FreezeTable {
  id: Generated<number>;
  environment: string;
  service: string | null;
  actor: string;
  reason: string;
  began_at: ColumnType<Date, never, never>;
  until: ColumnType<Date | null, string | null, never>;
  lifted_at: ColumnType<Date | null, never, Date>;
}

export interface InstallationTable {
  id: ColumnType<string, never, never>;
}

export interface StoreSchema {
  installation: InstallationTable;
  audit_entries: AuditTable;
  freezes: FreezeTable;
  deployments: DeploymentTable;
  deployment_services: DeploymentServiceTable;
  deployment_watches: DeploymentWatchTable;
  operator_requests: OperatorRequestTable;
  release_configs: ReleaseConfigTable;
}
