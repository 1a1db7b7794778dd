/**
 * One durable step: the intent is recorded, then the command is carried out, then its outcome is
 * recorded. May run again after a crash: the records are kept once, the verbs are idempotent.
 */
import type { AuditBody } from '../core/audit/audit-entry.ts';
import { closureOf } from '../core/deployment/closure.ts';
import { decide } from '../core/deployment/decide.ts';
import type {
  Command,
  Decision,
  DeploymentEvent,
  DeploymentState,
  HeldLease,
} from '../core/deployment/deployment-state.ts';
import type { OperatorRequest } from '../core/deployment/operator-request.ts';
import type { Scope } from '../core/model/ids.ts';
import type { Plan } from '../core/plan/plan.ts';
import { soleScope } from '../core/plan/sole-scope.ts';
import { serviceOf } from '../core/plan/service-of.ts';
import { elapsedMs } from '../platform/clock.ts';
import type { NewAuditEntry } from '../store/audit-store.ts';
import { untilReachable } from '../store/database.ts';
import type { KeptWatches, SavedProgress } from '../store/deployment-store.ts';
import { resolveRouting } from './actions/apply-split.ts';
import { carryOutCommand } from './carry-out-command.ts';
import type { EngineContext } from './engine-context.ts';
import {
  aboutCommand,
  outcomeBody,
  recordedOutcome,
  type OutcomeEvent,
} from './command-outcome.ts';
import type { RequestWatch } from './request-watch.ts';
import { takeTrafficAway } from './take-traffic-away.ts';
import { createWatchRecords } from './watch-records.ts';

const RESOLVE_DEADLINE_MS = 2_000;

/** Who acts when nobody in particular does. */
export const ENGINE_ACTOR = 'surefoot';

export interface Performance {
  readonly plan: Plan;
  readonly resumption: number;
  /** The state as decided, of which the command is a part. */
  readonly state: DeploymentState;
  readonly command: Command;
  /** What led to the command. */
  readonly decisions: readonly Decision[];
  readonly requests: RequestWatch;
}

export async function performCommand(
  engine: EngineContext,
  performance: Performance,
): Promise<readonly DeploymentEvent[]> {
  const { plan, state, command, decisions } = performance;
  await engine.lock.untilHeld();
  // Before anything that takes time: the candidate's traffic depends on it.
  holdLeases(engine, plan, command);
  for (const { scope } of plan.services) engine.leases.rest(scope);
  const key = commandKey(command);
  const outcomeKey = outcomeKeyOf(command);
  const saved = await untilReachable(
    () =>
      engine.store.saveProgress({
        deployment: plan.deployment,
        resumption: performance.resumption,
        state,
        outcomeKey,
        audit: [
          ...decisionEntries(plan, decisions, key),
          entry(plan, `${key} issued`, issued(command), command.scope),
        ],
      }),
    engine,
  );
  if (command.delayMs > 0) await engine.clock.sleep(command.delayMs);
  // What came before may have waited for a database that was away, and another process took over.
  await engine.lock.untilHeld();
  holdLeases(engine, plan, command);
  const startedNs = engine.clock.monotonicNs();
  // Recorded before a crash: what was found out then stands, and nothing is done again.
  const event =
    recordedOutcome(saved.outcome) ??
    withheld(performance, saved) ??
    (await carryOutEarly(engine, performance, saved.watched));
  for (const { scope } of plan.services) engine.leases.rest(scope);
  if (event.kind === 'CommandFailed' && event.zeroAtNs !== null) {
    for (const { scope } of plan.services) engine.leases.release(scope);
  }
  const durationMs = Math.round(elapsedMs(engine.clock, startedNs) * 100) / 100;
  const requests = await untilReachable(
    () =>
      engine.store.recordOutcome({
        deployment: plan.deployment,
        commandKey: key,
        audit: [entry(plan, outcomeKey, outcomeBody(command, event, durationMs), command.scope)],
      }),
    engine,
  );
  return withRequests(event, requests, String(engine.clock.monotonicNs()));
}

/** Of each service the lease that the command needs to be renewed, and no other. */
function holdLeases(engine: EngineContext, plan: Plan, { leases }: Command): void {
  for (const service of plan.services) {
    const lease = leases.find(({ scope }) => scope === service.scope);
    if (lease) engine.leases.hold(lease, engine.connectDrivers(service).balancer);
    else engine.leases.release(service.scope);
  }
}

/**
 * The intent is on record when it is asked whether the place is closed: a freeze that precedes it in the
 * audit log is heeded, whoever came first to the database, and windows are as they were then.
 */
function withheld(
  { plan, state, command }: Performance,
  placesThen: SavedProgress,
): OutcomeEvent | null {
  if (command.whileClosed !== 'is-withheld') return null;
  const closure = closureOf(plan, placesThen, state.override ?? null);
  return closure && { kind: 'CommandWithheld', closure };
}

/**
 * The command's outcome. When it turns the deployment round, the candidate's traffic is taken away
 * here and now, before the database hears of anything.
 */
async function carryOutEarly(
  engine: EngineContext,
  { plan, state, command, requests }: Performance,
  seen: KeptWatches,
): Promise<OutcomeEvent> {
  const { position, override = null } = state;
  const about = { deployment: plan.deployment, outcomeKey: outcomeKeyOf(command) };
  const watches = createWatchRecords(engine.store, about, seen);
  const surroundings = { requests, position, override, watches };
  const event = await carryOutCommand(engine, plan, command, surroundings);
  if (!mayTurnRound(plan, event) || command.leases.length === 0) return event;
  const turnsRound = decide(plan, state, event).state.mode === 'reverting';
  if (!turnsRound || state.mode === 'reverting') return event;
  const zeroAtNs = await takeAllTrafficAway(engine, plan, command);
  return event.kind === 'CommandFailed' ? { ...event, zeroAtNs } : event;
}

/** As the revert begins; without an answer the revert asks until there is one. Since when all have none. */
async function takeAllTrafficAway(
  engine: EngineContext,
  plan: Plan,
  command: Command,
): Promise<string | null> {
  const zeros = plan.revert.slice(0, plan.services.length).flatMap(({ action, scope }) => {
    const lease =
      command.leases.find((held) => held.scope === scope) ?? leaseAtHand(command, scope);
    return lease && action.kind === 'apply-split' ? [{ lease, split: action.split }] : [];
  });
  const since = await Promise.all(
    zeros.map(async ({ lease, split }) => {
      const service = serviceOf(plan, lease.scope);
      const drivers = engine.connectDrivers(service);
      const { signal } = engine.clock.deadline(RESOLVE_DEADLINE_MS);
      const zero = await resolveRouting({ service, drivers, signal }, split).catch(() => null);
      return zero && takeTrafficAway({ drivers, command, lease, clock: engine.clock }, zero);
    }),
  );
  const told = since.filter((each) => each !== null).map(BigInt);
  const [first] = told;
  if (first === undefined || told.length < since.length) return null;
  return String(told.reduce((last, each) => (each > last ? each : last), first));
}

/** Of the split that the command itself may have written before another service turned all round. */
function leaseAtHand({ action, token, ...command }: Command, scope: Scope): HeldLease | null {
  const lease =
    action.kind === 'apply-split' && command.scope === scope ? action.split.lease : null;
  return lease && { scope, token, ttlMs: lease.ttlMs };
}

/** A failure after which there is traffic still, and a wait that may have used up its time. */
function mayTurnRound({ services }: Plan, event: OutcomeEvent): boolean {
  if (event.kind !== 'CommandFailed') return event.kind === 'CommandStopped';
  return event.zeroAtNs === null || services.length > 1;
}

/** A request that ended the wait is the cause itself; any other comes after what was found out. */
function withRequests(
  event: OutcomeEvent,
  requests: readonly OperatorRequest[],
  nowNs: string,
): readonly DeploymentEvent[] {
  const wasInterrupted = event.kind === 'CommandFailed' && event.failure.code === 'aborted';
  const { decidedAtNs, zeroAtNs } = wasInterrupted ? event : { decidedAtNs: nowNs, zeroAtNs: null };
  const asked = requests.map((request): DeploymentEvent => {
    if (request.kind !== 'abort') return { kind: 'OperatorAsked', request };
    const { actor, reason } = request;
    return { kind: 'AbortRequested', actor, reason, decidedAtNs, zeroAtNs };
  });
  return wasInterrupted && asked.length > 0 ? asked : [event, ...asked];
}

function issued(command: Command): AuditBody {
  const { title, action } = command;
  return { kind: 'CommandIssued', ...aboutCommand(command), title, action };
}

/** Identifies a command within its deployment, over all repetitions of its step. */
function commandKey({ step, attempt, purpose, token }: Command): string {
  return `${step}#${attempt}.${token.sequence}${purpose === 'observe' ? '?' : ''}`;
}

function outcomeKeyOf(command: Command): string {
  return `${commandKey(command)} ended`;
}

/** About all of the deployment, unless a service is named. */
export function entry(
  plan: Plan,
  key: string,
  body: AuditBody,
  scope: Scope | null = soleScope(plan),
): NewAuditEntry {
  return { scope, deployment: plan.deployment, actor: ENGINE_ACTOR, key, body };
}

export function decisionEntries(
  plan: Plan,
  decisions: readonly Decision[],
  key: string,
): readonly NewAuditEntry[] {
  return decisions.map((decision, index) => entry(plan, `${key} decided ${index}`, decision));
}
