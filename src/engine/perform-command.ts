/**
 * One durable step: the intent is recorded, then the command is carried out, then its outcome is
 * recorded. May run again after a crash: the records are kept once, the verbs are idempotent.
 */
import type { AuditBody } from '../core/audit/audit-entry.ts';
import type {
  Command,
  Decision,
  DeploymentEvent,
  DeploymentState,
} from '../core/deployment/deployment-state.ts';
import { failureOf } from '../core/failures.ts';
import { OperationalError } from '../core/operational-error.ts';
import type { Plan } from '../core/plan/plan.ts';
import { elapsedMs } from '../platform/clock.ts';
import type { NewAuditEntry } from '../store/audit-store.ts';
import { untilReachable } from '../store/database.ts';
import { findReleaseEnvironment, recordOutcome, saveProgress } from '../store/deployment-store.ts';
import { hasOpenRequest, type OperatorRequest } from '../store/operator-request-store.ts';
import type { ActionContext, ActionResult } from './action-context.ts';
import type { EngineContext } from './engine-context.ts';
import {
  aboutCommand,
  outcomeBody,
  recordedOutcome,
  type OutcomeEvent,
} from './command-outcome.ts';
import { isInForce, runAction } from './run-action.ts';

/** Who acts when nobody in particular does. */
export const ENGINE_ACTOR = 'surefoot';

export interface Performance {
  readonly plan: Plan;
  /** The state as decided, of which the command is a part. */
  readonly state: DeploymentState;
  readonly command: Command;
  /** What led to the command. */
  readonly decisions: readonly Decision[];
}

export async function performCommand(
  engine: EngineContext,
  performance: Performance,
): Promise<readonly DeploymentEvent[]> {
  const { plan, state, command, decisions } = performance;
  const drivers = engine.connectDrivers(plan);
  await engine.lock.untilHeld();
  // Before anything that takes time: the candidate's traffic depends on it.
  if (command.lease) engine.leases.hold(plan.scope, command.lease, drivers.balancer);
  else engine.leases.release(plan.scope);
  const key = commandKey(command);
  const outcomeKey = `${key} ended`;
  const recorded = await untilReachable(
    () =>
      saveProgress(engine.database, {
        deployment: plan.deployment,
        state,
        outcomeKey,
        audit: [
          ...decisionEntries(plan, decisions, key),
          entry(plan, `${key} issued`, {
            kind: 'CommandIssued',
            ...aboutCommand(command),
            title: command.title,
            action: command.action,
          }),
        ],
      }),
    engine,
  );
  if (command.delayMs > 0) await engine.clock.sleep(command.delayMs);
  // What came before may have waited for a database that was away, and another process took over.
  await engine.lock.untilHeld();
  const startedNs = engine.clock.monotonicNs();
  // Recorded before a crash: what was found out then stands, and nothing is done again.
  const event = recordedOutcome(recorded) ?? (await carryOut(engine, performance, drivers));
  if (event.kind === 'CommandFailed' && event.zeroAtNs !== null) {
    engine.leases.release(plan.scope);
  }
  const durationMs = Math.round(elapsedMs(engine.clock, startedNs) * 100) / 100;
  const requests = await untilReachable(
    () =>
      recordOutcome(engine.database, {
        deployment: plan.deployment,
        commandKey: key,
        audit: [entry(plan, outcomeKey, outcomeBody(command, event, durationMs))],
      }),
    engine,
  );
  return withRequests(event, requests, String(engine.clock.monotonicNs()));
}

/** A request that ended the wait is the cause itself; any other comes after what was found out. */
function withRequests(
  event: OutcomeEvent,
  requests: readonly OperatorRequest[],
  nowNs: string,
): readonly DeploymentEvent[] {
  const wasInterrupted = event.kind === 'CommandFailed' && event.failure.code === 'aborted';
  const { decidedAtNs, zeroAtNs } = wasInterrupted ? event : { decidedAtNs: nowNs, zeroAtNs: null };
  const aborts = requests.map(({ actor, reason }): DeploymentEvent => ({
    kind: 'AbortRequested',
    actor,
    reason,
    decidedAtNs,
    zeroAtNs,
  }));
  return wasInterrupted && aborts.length > 0 ? aborts : [event, ...aborts];
}

/** Identifies a command within its deployment, over all repetitions of its step. */
function commandKey({ step, attempt, purpose, token }: Command): string {
  return `${step}#${attempt}.${token.sequence}${purpose === 'observe' ? '?' : ''}`;
}

export function entry(plan: Plan, key: string, body: AuditBody): NewAuditEntry {
  return { scope: plan.scope, deployment: plan.deployment, actor: ENGINE_ACTOR, key, body };
}

export function decisionEntries(
  plan: Plan,
  decisions: readonly Decision[],
  key: string,
): readonly NewAuditEntry[] {
  return decisions.map((decision, index) => entry(plan, `${key} decided ${index}`, decision));
}

/** Runs the action under its deadline; whatever happens becomes an event. */
async function carryOut(
  engine: EngineContext,
  { plan, command }: Performance,
  drivers: ActionContext['drivers'],
): Promise<OutcomeEvent> {
  const interrupted = new AbortController();
  const deadline = AbortSignal.timeout(command.deadlineMs);
  const stopListening = command.interruptible
    ? interruptOnRequest(engine, plan.deployment, interrupted)
    : () => undefined;
  const context: ActionContext = {
    plan,
    command,
    drivers,
    clock: engine.clock,
    signal: AbortSignal.any([deadline, interrupted.signal]),
    environmentOf: (digest) => environmentOf(engine, digest),
    progress: (text) =>
      engine.progress.publish({ deployment: plan.deployment, step: command.step, text }),
  };
  try {
    if (command.purpose === 'observe') {
      return { kind: 'EffectObserved', inForce: await isInForce(context, command.action) };
    }
    const result = await runAction(context, command.action);
    return eventOf(engine, interrupted.signal.aborted ? endedByRequest(command, result) : result);
  } catch (error) {
    if (!(error instanceof OperationalError) && !context.signal.aborted) throw error;
    const failure = deadline.aborted
      ? failureOf('deadline-passed', endSentence(command), { effect: 'unknown' })
      : error instanceof OperationalError
        ? error.failure
        : failureOf('aborted', 'The wait was ended.', { effect: 'unknown' });
    const result = { kind: 'failed', failure } as const;
    return eventOf(engine, interrupted.signal.aborted ? endedByRequest(command, result) : result);
  } finally {
    stopListening();
  }
}

/** What an action says when its wait is cut short is no finding of its own, unlike a verdict. */
function endedByRequest({ step }: Command, result: ActionResult): ActionResult {
  if (result.kind === 'ok' || result.judgement?.verdict === 'ROLLBACK') return result;
  const { effect } = result.failure;
  const details = { endedAs: result.failure };
  const failure = failureOf('aborted', `A request ended step ${step}.`, { effect, details });
  return { ...result, failure };
}

function endSentence({ step, deadlineMs }: Command): string {
  return `Step ${step} did not end within ${deadlineMs} ms.`;
}

function interruptOnRequest(
  engine: EngineContext,
  deployment: number,
  interrupted: AbortController,
): () => void {
  const look = (): void => {
    hasOpenRequest(engine.database, deployment).then(
      (isOpen) => {
        if (isOpen) interrupted.abort();
      },
      // The database is away: the request is read when the step ends.
      () => undefined,
    );
  };
  look();
  return engine.signals.onRequest(deployment, look);
}

function eventOf(engine: EngineContext, result: ActionResult): OutcomeEvent {
  if (result.kind === 'ok') return { kind: 'CommandSucceeded', evidence: result.evidence };
  return {
    kind: 'CommandFailed',
    failure: result.failure,
    judgement: result.judgement ?? null,
    decidedAtNs: result.decidedAtNs ?? String(engine.clock.monotonicNs()),
    zeroAtNs: result.zeroAtNs ?? null,
  };
}

async function environmentOf(
  engine: EngineContext,
  configDigest: string,
): Promise<Readonly<Record<string, string>>> {
  const environment = await untilReachable(
    () => findReleaseEnvironment(engine.database, configDigest),
    engine,
  );
  if (!environment) {
    const message = `The configuration ${configDigest} of a release is not recorded.`;
    throw new OperationalError(failureOf('artifact-missing', message));
  }
  return environment;
}
