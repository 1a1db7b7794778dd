/** What the API answers with: plain data, shared with the command line and the dashboard as types. */
import type { AuditEntry } from '../../core/audit/audit-entry.ts';
import type { DeploymentState } from '../../core/deployment/deployment-state.ts';
import type { DeploymentSummary } from '../../core/deployment/deployment-summary.ts';
import type { Waiting } from '../../core/deployment/waiting.ts';
import type { OutsideWindows } from '../../core/deployment/closure.ts';
import type { WindowsForecast } from '../../core/deployment/windows-forecast.ts';
import type { Freeze } from '../../core/deployment/freeze.ts';
import type { Failure } from '../../core/failures.ts';
import type { GateLook } from '../../core/gates/gate-look.ts';
import type { PoolObservation } from '../../core/model/pool.ts';
import type { RoutingObservation } from '../../core/model/routing.ts';
import type { MeasuredTraffic } from '../../core/traffic-model/measured-traffic.ts';
import type { Plan, ReleaseIdentity } from '../../core/plan/plan.ts';

export interface PlanAnswer {
  readonly plan: Plan;
  readonly digest: string;
  /** What carrying it out now would be refused with; null when it would not. */
  readonly refusal: Failure | null;
  /** Null where none are to be heeded, as it is by a server of an older version. */
  readonly windows?: WindowsForecast | null;
}

/** Freezes in force. */
export type FreezesAnswer = readonly Freeze[];

export interface ServiceChange {
  readonly service: string;
  readonly release: ReleaseIdentity;
  readonly replaces: ReleaseIdentity | null;
}

export interface DeploymentAnswer {
  readonly id: string;
  readonly number: number;
  readonly kind: Plan['kind'];
  readonly environment: string;
  /** What others depend on comes first. */
  readonly services: readonly ServiceChange[];
  readonly status: 'running' | 'promoted' | 'reverted' | 'held';
  /** Title and id of the step at hand; null when ended. */
  readonly step: { readonly id: string; readonly title: string; readonly attempt: number } | null;
  readonly mode: DeploymentState['mode'];
  /** What it waits for that only people or their time can bring; null when nothing. */
  readonly waiting: Waiting | null;
  readonly planDigest: string;
  readonly actor: string;
  readonly reason: string;
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly summary: DeploymentSummary | null;
}

/** `GET /v1/deployments/:id`: the same with its plan. */
export interface DeploymentDetailAnswer extends DeploymentAnswer {
  readonly plan: Plan;
}

/** What became of a request. */
export interface RequestAnswer {
  /** `idle`: all is so already; `recorded`: it is answered when the step at hand has ended. */
  readonly outcome: 'done' | 'idle' | 'recorded';
  readonly because: string | null;
  readonly deployment: DeploymentAnswer;
}

export interface ServiceStatus {
  readonly environment: string;
  readonly service: string;
  readonly stable: ReleaseIdentity | null;
  readonly listen: { readonly host: string; readonly port: number };
  readonly last: DeploymentAnswer;
  /** As read just now; null when the agent does not answer. */
  readonly pools: readonly PoolObservation[] | null;
  readonly routing: RoutingObservation | null;
  /**
   * Requests that the balancer refused or cut for what their clients did, by status, since its counters
   * began anew; null when it does not tell.
   */
  readonly refused: Readonly<Record<string, number>> | null;
  /** What its deployment windows are closed for now, by its last plan; missing while they are open. */
  readonly outside?: OutsideWindows;
}

export interface StatusAnswer {
  readonly version: string;
  /** Whether this server may drive deployments: it holds its lock in PostgreSQL. */
  readonly driving: boolean;
  readonly services: readonly ServiceStatus[];
  /** In force, oldest first. */
  readonly freezes: FreezesAnswer;
}

/** `GET /v1/traffic`: null when the balancer has counted too little lately. */
export type TrafficAnswer = MeasuredTraffic | null;

/** Lines of `GET /v1/deployments/:id/events` (NDJSON), in order; ends after the deployment's last entry. */
export type EventLine =
  | { readonly kind: 'audit'; readonly entry: AuditEntry }
  /** `look` while live traffic is judged; a newer one stands for all before it. */
  | {
      readonly kind: 'progress';
      readonly step: string;
      readonly text: string;
      readonly look?: GateLook;
    }
  /** Every 15 s without another line. */
  | { readonly kind: 'heartbeat' };

/** What every refused or failed call answers with, as RFC 9457 problem+json. */
export interface ProblemAnswer {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly effect: 'none' | 'applied' | 'unknown';
  readonly details?: Readonly<Record<string, unknown>>;
}
