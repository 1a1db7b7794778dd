/** The server's API as functions. Nothing here waits or repeats: callers know what may be repeated. */
import type {
  DeploymentAnswer,
  DeploymentDetailAnswer,
  EventLine,
  FreezesAnswer,
  PlanAnswer,
  RequestAnswer,
  StatusAnswer,
  TrafficAnswer,
} from '../api/contract/answers.ts';
import type {
  AbortRequest,
  DeployRequest,
  PlanRequest,
  RollbackRequest,
} from '../api/contract/deploy-request.ts';
import type { Explanation } from '../core/explanation/explanation.ts';
import type { BackupSwitched } from '../api/contract/backup-request.ts';
import type { FreezeRequest, UnfreezeRequest } from '../api/contract/freeze-request.ts';
import type {
  ApproveRequest,
  AskRequest,
  PauseRequest,
  ResumeRequest,
} from '../api/contract/operator-request.ts';
import { operationalError } from '../core/operational-error.ts';
import type { LogLine } from '../drivers/contract.ts';
import { callApi, streamApi } from './api-transport.ts';

export interface ApiClient {
  status(): Promise<StatusAnswer>;
  plan(request: PlanRequest): Promise<PlanAnswer>;
  /** Null when the balancer has counted too little lately. */
  traffic(of: TrafficQuery): Promise<TrafficAnswer>;
  deploy(request: DeployRequest): Promise<DeploymentAnswer>;
  planRollback(request: RollbackRequest): Promise<PlanAnswer>;
  rollback(request: RollbackRequest): Promise<DeploymentAnswer>;
  /** Newest first. */
  deployments(query: DeploymentsQuery): Promise<readonly DeploymentAnswer[]>;
  deployment(id: string): Promise<DeploymentDetailAnswer>;
  explanation(id: string): Promise<Explanation>;
  abort(id: string, request: AbortRequest): Promise<DeploymentAnswer>;
  pause(id: string, request: PauseRequest): Promise<RequestAnswer>;
  resume(id: string, request: ResumeRequest): Promise<RequestAnswer>;
  promote(id: string, request: AskRequest): Promise<RequestAnswer>;
  approve(id: string, request: ApproveRequest): Promise<RequestAnswer>;
  freeze(request: FreezeRequest): Promise<FreezesAnswer>;
  /** Those that it lifted. */
  unfreeze(request: UnfreezeRequest): Promise<FreezesAnswer>;
  freezes(): Promise<FreezesAnswer>;
  /** For the audit log. */
  backupSwitched(request: BackupSwitched): Promise<void>;
  /** Ends after the deployment's last entry; throws `agent-unreachable` when it breaks before. */
  events(id: string, after: number, signal: AbortSignal): AsyncIterable<EventLine>;
  logs(query: LogsQuery): AsyncIterable<LogLine>;
}

export interface DeploymentsQuery {
  readonly limit: number;
  readonly environment?: string;
  readonly service?: string;
}

export interface TrafficQuery {
  readonly environment: string;
  readonly service: string;
}

export interface LogsQuery {
  readonly environment?: string;
  readonly service?: string;
  readonly deployment?: string;
  readonly tail: number;
  readonly follow: boolean;
}

/** The server says at least every 15 s that it lives. */
const EVENT_SILENCE_MS_MAX = 45_000;
const DAY_MS = 86_400_000;

/** `sockets` are of servers that all answer the same; the next is asked where nobody listens. */
export function connectApi(
  sockets: readonly [string, ...string[]],
  signal: AbortSignal,
): ApiClient {
  // The answers' form is the contract between command and server of one version.
  const get = (path: string): Promise<unknown> => callApi(sockets, { method: 'GET', path, signal });
  const post = (path: string, body: unknown): Promise<unknown> =>
    callApi(sockets, { method: 'POST', path, body, signal });
  const ask = (id: string, verb: string, request: AskRequest): Promise<RequestAnswer> =>
    post(`/v1/deployments/${id}/${verb}`, request) as Promise<RequestAnswer>;
  return {
    status: async () => statusIn(await get('/v1/status')),
    plan: (request) => post('/v1/plans', request) as Promise<PlanAnswer>,
    traffic: (of) => get(`/v1/traffic${queryOf({ ...of })}`) as Promise<TrafficAnswer>,
    deploy: (request) => post('/v1/deployments', request) as Promise<DeploymentAnswer>,
    planRollback: (request) => post('/v1/rollbacks/plan', request) as Promise<PlanAnswer>,
    rollback: (request) => post('/v1/rollbacks', request) as Promise<DeploymentAnswer>,
    deployments: (query) =>
      get(`/v1/deployments${queryOf({ ...query })}`) as Promise<readonly DeploymentAnswer[]>,
    deployment: (id) => get(`/v1/deployments/${id}`) as Promise<DeploymentDetailAnswer>,
    explanation: (id) => get(`/v1/deployments/${id}/explanation`) as Promise<Explanation>,
    abort: (id, request) =>
      post(`/v1/deployments/${id}/abort`, request) as Promise<DeploymentAnswer>,
    pause: (id, request) => ask(id, 'pause', request),
    resume: (id, request) => ask(id, 'resume', request),
    promote: (id, request) => ask(id, 'promote', request),
    approve: (id, request) => ask(id, 'approve', request),
    freeze: (request) => post('/v1/freezes', request) as Promise<FreezesAnswer>,
    unfreeze: (request) => post('/v1/freezes/lift', request) as Promise<FreezesAnswer>,
    async backupSwitched(request) {
      await post('/v1/backups/switched', request);
    },
    freezes: () => get('/v1/freezes') as Promise<FreezesAnswer>,
    events: (id, after, streamSignal) =>
      streamApi(sockets, {
        method: 'GET',
        path: `/v1/deployments/${id}/events?after=${after}`,
        signal: AbortSignal.any([signal, streamSignal]),
        silenceMsMax: EVENT_SILENCE_MS_MAX,
      }) as AsyncIterable<EventLine>,
    logs: (query) =>
      streamApi(sockets, {
        method: 'GET',
        path: `/v1/logs${queryOf({ ...query })}`,
        signal,
        // An instance may have nothing to say for long.
        silenceMsMax: DAY_MS,
      }) as AsyncIterable<LogLine>,
  };
}

/** Asked first of all, so that something else on the socket is told from a server of this form. */
function statusIn(answer: unknown): StatusAnswer {
  const status = (answer ?? {}) as Partial<StatusAnswer>;
  const { version, services } = status;
  // What an older server does not know of, it has none of.
  if (typeof version === 'string' && Array.isArray(services)) {
    return { freezes: [], ...status } as StatusAnswer;
  }
  throw operationalError('version-differs', 'What answers on the socket is not this Surefoot.');
}

function queryOf(
  parameters: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return `?${query.toString()}`;
}
