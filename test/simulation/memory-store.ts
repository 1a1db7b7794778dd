/**
 * A store in memory, held to the same contract as PostgreSQL. What is in it survives its processes. It
 * does and answers everything at once; the network of a run gives its calls their time.
 */
import type { AuditBody, AuditEntry } from '../../src/core/audit/audit-entry.ts';
import type { PlacesNow } from '../../src/core/deployment/closure.ts';
import { placeName, type Freeze } from '../../src/core/deployment/freeze.ts';
import type { OperatorRequest, RequestKind } from '../../src/core/deployment/operator-request.ts';
import type { DeploymentState } from '../../src/core/deployment/deployment-state.ts';
import type { Scope } from '../../src/core/model/ids.ts';
import type { SchemaNote } from '../../src/core/schema/schema-note.ts';
import { scopesOf } from '../../src/core/plan/scopes-of.ts';
import { operationalError } from '../../src/core/operational-error.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { NewAuditEntry } from '../../src/store/audit-store.ts';
import type { Admission, NewDeployment, RequestMark } from '../../src/store/admission-store.ts';
import type { DeploymentRecord, KeptWatches } from '../../src/store/deployment-store.ts';
import type { Store } from '../../src/store/store.ts';
import type { KeptWatch } from '../../src/store/watch-store.ts';

interface Row {
  record: DeploymentRecord;
  readonly createdMs: number;
  readonly request: RequestMark | null;
}

interface OpenRequest {
  readonly request: OperatorRequest;
  readonly deployment: number;
  handledAfter: string | null;
}

/** An entry with its time as a number: text costs more than all the rest of it. */
export type KeptEntry = Omit<AuditEntry, 'at'> & { readonly atMs: number };

type AtOnce<Call> = Call extends (...given: infer Given) => Promise<infer Result>
  ? (...given: Given) => Result
  : never;

export type StoreAtOnce = { readonly [Name in keyof Store]: AtOnce<Store[Name]> };

/** A state that was saved with a command, and on whose behalf. */
export interface SavedState {
  readonly resumption: number;
  readonly command: string;
  readonly state: DeploymentState;
}

export interface MemoryStore extends StoreAtOnce {
  /** All entries, oldest first; only grows. */
  readonly audit: readonly KeptEntry[];
  /** Every state that was ever saved with a command. */
  readonly saved: readonly SavedState[];
  /** At once, for who looks from outside. */
  statusOf(deployment: number): string;
  resumptionOf(deployment: number): number;
  /** How many requests of people were accepted: those to abort, or all others. */
  requestsOf(deployment: number, are: 'aborts' | 'others'): number;
  /** Deployments that have not ended, and all there are. */
  running(): number;
  admitted(): number;
  /** The step that was issued last; empty before the first. */
  stepOf(deployment: number): string;
  /** How many commands were issued. */
  commandsOf(deployment: number): number;
}

interface Contents {
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly rows: Row[];
  readonly audit: KeptEntry[];
  readonly saved: SavedState[];
  /** Bodies by deployment and key. */
  readonly byKey: Map<number, Map<string, AuditBody>>;
  readonly requests: OpenRequest[];
  readonly freezes: { readonly freeze: Freeze; isLifted: boolean }[];
  readonly watches: Map<string, KeptWatch>;
  readonly steps: Map<number, { last: string; count: number }>;
  readonly environments: Map<string, Readonly<Record<string, string>>>;
}

export function createMemoryStore(clock: Pick<Clock, 'wallMs'>): MemoryStore {
  const contents: Contents = {
    clock,
    rows: [],
    audit: [],
    saved: [],
    byKey: new Map(),
    requests: [],
    freezes: [],
    watches: new Map(),
    steps: new Map(),
    environments: new Map(),
  };
  return {
    audit: contents.audit,
    saved: contents.saved,
    statusOf: (deployment) => contents.rows[deployment - 1]?.record.status ?? 'unknown',
    resumptionOf: (deployment) => contents.rows[deployment - 1]?.record.resumption ?? 0,
    requestsOf: (deployment, are) =>
      contents.requests.reduce((sum, each) => {
        const isAbort = each.request.kind === 'abort';
        return sum + (each.deployment === deployment && isAbort === (are === 'aborts') ? 1 : 0);
      }, 0),
    running: () =>
      contents.rows.reduce((sum, { record }) => sum + (record.status === 'running' ? 1 : 0), 0),
    admitted: () => contents.rows.length,
    stepOf: (deployment) => contents.steps.get(deployment)?.last ?? '',
    commandsOf: (deployment) => contents.steps.get(deployment)?.count ?? 0,
    ...writes(contents),
    ...reads(contents),
  };
}

function writes(contents: Contents) {
  const { requests } = contents;
  return {
    admitDeployment: (request) => admit(contents, request),
    saveProgress({ deployment, resumption, state, outcomeKey, audit }) {
      const row = runningRow(contents, deployment);
      if (row?.record.resumption !== resumption || isFurtherOn(row.record.state, state)) {
        throw operationalError(
          'driver-replaced',
          `Deployment d${deployment} is not driven by resumption ${resumption} any more, or is further on.`,
        );
      }
      row.record = { ...row.record, state };
      contents.saved.push({ resumption, command: outcomeKey, state });
      append(contents, audit);
      return {
        outcome: contents.byKey.get(deployment)?.get(outcomeKey) ?? null,
        ...placesNow(contents, scopesOf(row.record.plan)),
        watched: watchesFor(contents, deployment, outcomeKey),
      };
    },
    keepWatch(watch) {
      const { deployment, scope } = watch;
      if (runningRow(contents, deployment)) contents.watches.set(`${deployment} ${scope}`, watch);
    },
    takeUpDeployment(deployment, resumption) {
      const row = runningRow(contents, deployment);
      if (row?.record.resumption !== resumption) return null;
      row.record = { ...row.record, resumption: resumption + 1 };
      return row.record.resumption;
    },
    recordOutcome({ deployment, commandKey, audit }) {
      const own = requests.filter((each) => each.deployment === deployment);
      const isFirst = !contents.byKey.get(deployment)?.has(audit[0]?.key ?? '');
      for (const each of own) if (isFirst) each.handledAfter ??= commandKey;
      append(contents, audit);
      return own
        .filter(({ handledAfter }) => handledAfter === commandKey)
        .map(({ request }) => request);
    },
    endDeployment({ deployment, status, state, summary, audit, refusalOf }) {
      const row = runningRow(contents, deployment);
      const late = requests.filter(
        (each) => each.deployment === deployment && each.handledAfter === null,
      );
      for (const each of late) each.handledAfter = 'end';
      if (row) row.record = { ...row.record, status, state, summary, endedAt: nowText(contents) };
      append(contents, [...late.map((each) => refusalOf(each.request)), ...audit]);
    },
    addRequest(deployment, request, audit) {
      if (!runningRow(contents, deployment)) return null;
      const id = requests.length + 1;
      requests.push({ request: { ...request, id }, deployment, handledAfter: null });
      append(contents, audit(id));
      return id;
    },
    addFreezes(freezes, audit) {
      const before = contents.freezes.length;
      const added = freezes.map((freeze, index) => ({
        ...freeze,
        id: before + index + 1,
        beganAt: nowText(contents),
      }));
      contents.freezes.push(...added.map((freeze) => ({ freeze, isLifted: false })));
      append(contents, added.map(audit));
      return added;
    },
    liftFreezes(ids, audit) {
      const lifted = placesNow(contents, null).freezes.filter(({ id }) => ids.includes(id));
      for (const each of contents.freezes) each.isLifted ||= lifted.includes(each.freeze);
      append(contents, lifted.map(audit));
      return lifted;
    },
    appendAudit(entries) {
      append(contents, entries);
    },
  } satisfies Partial<StoreAtOnce>;
}

function watchesFor({ watches }: Contents, deployment: number, outcomeKey: string): KeptWatches {
  const kept = [...watches.values()].filter(
    (watch) => watch.deployment === deployment && watch.outcomeKey === outcomeKey,
  );
  return Object.fromEntries(kept.map(({ scope, watched }) => [scope, watched]));
}

/** By what only rises on the way of a deployment; the last revert, the last step, and its attempt. */
function isFurtherOn(kept: DeploymentState, state: DeploymentState): boolean {
  const further =
    kept.lastRevertSequence - state.lastRevertSequence ||
    kept.lastForwardSequence - state.lastForwardSequence ||
    kept.attempt - state.attempt;
  return further > 0;
}

function reads(contents: Contents) {
  const { rows, audit, requests, environments } = contents;
  const newest = (): DeploymentRecord[] => rows.map(({ record }) => record).reverse();
  return {
    nextDeploymentNumber: () => rows.length + 1,
    findDeployment: (number) => rows[number - 1]?.record ?? null,
    listDeployments({ scope, environment, service, status, kind, limit }) {
      return newest()
        .filter(
          ({ plan, status: is }) =>
            (scope === undefined || scopesOf(plan).some((of) => of === scope)) &&
            (environment === undefined || plan.environment === environment) &&
            (service === undefined || plan.services.some((of) => of.service === service)) &&
            (status === undefined || is === status) &&
            (kind === undefined || plan.kind === kind),
        )
        .slice(0, limit);
    },
    listLatestByScope() {
      const scopes = new Map<Scope, DeploymentRecord>();
      for (const { record } of rows) {
        for (const scope of scopesOf(record.plan)) scopes.set(scope, record);
      }
      return [...scopes]
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([scope, deployment]) => ({ scope, deployment }));
    },
    deploymentAgeMs(number) {
      const row = rows[number - 1];
      if (!row) throw operationalError('not-found', `Deployment d${number} is not recorded.`);
      return contents.clock.wallMs() - row.createdMs;
    },
    findRequested: (request) => findRequested(contents, request),
    findDeploymentOfPool: (pool) =>
      newest().find(
        ({ plan: { kind, services } }) =>
          kind !== 'restore' && services.some(({ candidate }) => candidate.pool === pool),
      ) ?? null,
    findReleaseEnvironment: (configDigest) => environments.get(configDigest) ?? null,
    findSchemaNotes({ scope, place }) {
      let own: SchemaNote | null = null;
      let last: SchemaNote | null = null;
      for (const entry of audit) {
        const note = entry.body.kind === 'CommandSucceeded' ? entry.body.evidence.schema : null;
        if (!note) continue;
        if (entry.scope === scope) own = note;
        if (entry.scope === scope || note.place === place) last = note;
      }
      return { own, last };
    },
    openRequests(deployment) {
      const kinds = new Set<RequestKind>();
      for (const each of requests) {
        if (each.deployment === deployment && each.handledAfter === null) {
          kinds.add(each.request.kind);
        }
      }
      return [...kinds];
    },
    placesNow: (scopes) => placesNow(contents, scopes),
    readAudit({ deployment, after, limit }) {
      return audit
        .filter(
          (entry) =>
            entry.sequence > after && (deployment === undefined || entry.deployment === deployment),
        )
        .slice(0, limit)
        .map(({ atMs, ...entry }) => ({ ...entry, at: textOf(atMs) }));
    },
  } satisfies Partial<StoreAtOnce>;
}

function admit(contents: Contents, request: NewDeployment): Admission {
  const { rows, environments } = contents;
  const { plan } = request;
  const before = request.request && findRequested(contents, request.request);
  if (before) return before;
  const scopes = scopesOf(plan);
  for (const { record } of rows) {
    const scope = scopesOf(record.plan).find((each) => scopes.includes(each));
    if (record.status !== 'running' || scope === undefined) continue;
    return { kind: 'busy', running: record.number, scope };
  }
  if (plan.deployment !== rows.length + 1) return { kind: 'outdated' };
  for (const [digest, environment] of Object.entries(request.environments)) {
    if (!environments.has(digest)) environments.set(digest, environment);
  }
  const deployment: DeploymentRecord = {
    number: plan.deployment,
    status: 'running',
    resumption: 0,
    plan,
    planDigest: request.planDigest,
    state: request.state,
    summary: null,
    actor: request.actor,
    reason: request.reason,
    createdAt: nowText(contents),
    endedAt: null,
  };
  rows.push({ record: deployment, createdMs: contents.clock.wallMs(), request: request.request });
  append(contents, request.audit);
  return { kind: 'admitted', deployment };
}

function findRequested({ rows }: Contents, { key, digest }: RequestMark) {
  const row = rows.find(({ request }) => request?.key === key);
  if (!row) return null;
  return row.request?.digest === digest
    ? ({ kind: 'repeated', deployment: row.record } as const)
    : ({ kind: 'key-reused', by: row.record.number } as const);
}

function placesNow({ freezes, clock }: Contents, scopes: readonly string[] | null): PlacesNow {
  const atMs = clock.wallMs();
  const inForce = freezes
    .filter(({ isLifted, freeze: { until } }) => !isLifted && isLater(until, atMs))
    .map(({ freeze }) => freeze)
    .filter((freeze) => {
      const place = placeName(freeze);
      return scopes?.some((scope) => scope === place || scope.startsWith(`${place}/`)) ?? true;
    });
  return { freezes: inForce, atMs };
}

function isLater(until: string | null, nowMs: number): boolean {
  return until === null || Date.parse(until) > nowMs;
}

function runningRow({ rows }: Contents, deployment: number): Row | undefined {
  const row = rows[deployment - 1];
  return row?.record.status === 'running' ? row : undefined;
}

function append(contents: Contents, entries: readonly NewAuditEntry[]): void {
  const { audit, byKey, steps } = contents;
  for (const { scope, deployment, actor, key, body } of entries) {
    if (key !== null && deployment !== null) {
      const known = byKey.get(deployment) ?? new Map<string, AuditBody>();
      if (known.has(key)) continue;
      byKey.set(deployment, known.set(key, body));
    }
    if (deployment !== null && body.kind === 'CommandIssued') {
      steps.set(deployment, { last: body.step, count: (steps.get(deployment)?.count ?? 0) + 1 });
    }
    audit.push({
      sequence: audit.length + 1,
      atMs: contents.clock.wallMs(),
      scope,
      deployment,
      actor,
      body,
    });
  }
}

function nowText({ clock }: Contents): string {
  return textOf(clock.wallMs());
}

function textOf(wallMs: number): string {
  return new Date(wallMs).toISOString();
}
