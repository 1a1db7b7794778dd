/** Runs a command's action under its deadline and people's requests; whatever happens is an event. */
import type { Override } from '../core/deployment/closure.ts';
import type { Command, Evidence } from '../core/deployment/deployment-state.ts';
import type { RequestKind } from '../core/deployment/operator-request.ts';
import { bugFailure } from '../core/bug-failure.ts';
import { failureOf, type Failure } from '../core/failures.ts';
import { OperationalError } from '../core/operational-error.ts';
import type { Plan } from '../core/plan/plan.ts';
import { serviceOf } from '../core/plan/service-of.ts';
import { elapsedMs, type Deadline } from '../platform/clock.ts';
import type { ActionContext, ActionResult } from './action-context.ts';
import type { OutcomeEvent } from './command-outcome.ts';
import type { EngineContext } from './engine-context.ts';
import { knownNotes } from './known-notes.ts';
import { recordedEnvironment } from './recorded-environment.ts';
import type { RequestWatch } from './request-watch.ts';
import { isInForce, runAction } from './run-action.ts';
import { lostBeside, watchBeside } from './watch-beside.ts';
import type { WatchRecords } from './watch-records.ts';
import { whenPlaceOpens } from './when-place-opens.ts';

interface Surroundings {
  readonly requests: RequestWatch;
  /** Where the deployment stands in its plan. */
  readonly position: number;
  /** What the deployment is not kept from. */
  readonly override: Override | null;
  readonly watches: WatchRecords;
}

export async function carryOutCommand(
  engine: EngineContext,
  plan: Plan,
  command: Command,
  { requests, override, position, watches }: Surroundings,
): Promise<OutcomeEvent> {
  const deadline = engine.clock.deadline(command.deadlineMs);
  const { signal } = deadline;
  const startedNs = engine.clock.monotonicNs();
  let isAborted = false;
  const onOpen = (open: readonly RequestKind[]): void => {
    isAborted = open.includes('abort');
    deadline.end();
  };
  const end: ActionContext['end'] = () => {
    if (!signal.aborted) return null;
    if (deadline.hasPassed()) return 'deadline';
    return isAborted ? 'abort' : 'request';
  };
  const stopListening =
    command.endedBy.length > 0
      ? await requests.whenOpen(command.endedBy, onOpen, signal)
      : () => undefined;
  let isOpen = false;
  let beside: ActionResult | null = null;
  // An action may also come to its end by itself.
  const ended = new AbortController();
  if (command.whileClosed === 'waits') {
    const given = { plan, override, signal: ended.signal };
    void whenPlaceOpens(engine, given, () => {
      isOpen = true;
      deadline.end();
    });
  }
  const eventOf = (result: ActionResult): OutcomeEvent => {
    const found = beside && !isRollback(result) ? beside : result;
    const told = end() === 'abort' ? endedByRequest(command, found) : found;
    const event = outcomeOf(engine, told, startedNs);
    return isOpen && event.kind === 'CommandStopped' ? { ...event, isOpen } : event;
  };
  const context = { ...surroundedBy(engine, { plan, command, signal, watches }), end };
  watchBeside(engine, { ...context, signal: ended.signal }, position, (found) => {
    beside = found;
    deadline.end();
  });
  try {
    if (command.purpose === 'observe') {
      return { kind: 'EffectObserved', inForce: await isInForce(context, command.action) };
    }
    const lost = await lostBeside(engine, context);
    return eventOf(lost ?? (await beforeEnd(context, runAction(context, command.action))));
  } catch (error) {
    if (isEndOfWait(command, end())) return eventOf({ kind: 'stopped', evidence: NOTHING_SEEN });
    const failure = failureOfError(command, error, deadline.hasPassed(), signal.aborted);
    return eventOf({ kind: 'failed', failure });
  } finally {
    ended.abort();
    stopListening();
    deadline.release();
  }
}

function surroundedBy(
  engine: EngineContext,
  given: Pick<ActionContext, 'plan' | 'command' | 'signal' | 'watches'>,
): Omit<ActionContext, 'end'> {
  const { plan, command, signal } = given;
  const service = serviceOf(plan, command.scope);
  return {
    ...{ ...given, service },
    drivers: engine.connectDrivers(service),
    lease: command.leases.find(({ scope }) => scope === command.scope) ?? null,
    ...{ clock: engine.clock, work: engine.work },
    environmentOf: (digest) => recordedEnvironment(engine, digest, signal),
    notesOf: (place) => knownNotes(engine, { scope: service.scope, place }, signal),
    progress: (text, look) =>
      engine.progress.publish({
        ...{ deployment: plan.deployment, step: command.step, text },
        ...(look && { look }),
      }),
  };
}

/** How long an action may go on after its signal: to clean up, not to finish. */
const GRACE_MS = 5_000;

/** The action's result; an action that ignores its signal is not waited for any longer. */
function beforeEnd(
  { signal, clock }: ActionContext,
  action: Promise<ActionResult>,
): Promise<ActionResult> {
  return new Promise((resolve, reject) => {
    let grace: Deadline | null = null;
    const beginGrace = (): void => {
      grace = clock.deadline(GRACE_MS);
      grace.signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    };
    const end = (): void => {
      signal.removeEventListener('abort', beginGrace);
      grace?.release();
    };
    if (signal.aborted) beginGrace();
    else signal.addEventListener('abort', beginGrace, { once: true });
    // What comes behind the grace is of no use: the promise has its end.
    action.then(resolve, reject).finally(end);
  });
}

const NOTHING_SEEN: Evidence = { summary: 'It was ended before anything was seen.' };

/** A wait that was ended has found nothing, whatever it was about to ask. */
function isEndOfWait({ action }: Command, end: ReturnType<ActionContext['end']>): boolean {
  return end === 'request' || (end === 'deadline' && isHold(action));
}

function isHold({ kind }: Command['action']): boolean {
  return kind === 'hold-traffic' || kind === 'await-approval';
}

/** A bug in a driver is a failed step: the way back is still clear, and it is taken. */
function failureOfError(
  command: Command,
  error: unknown,
  isOverdue: boolean,
  wasEnded: boolean,
): Failure {
  if (isOverdue) return failureOf('deadline-passed', endSentence(command), { effect: 'unknown' });
  if (error instanceof OperationalError) return error.failure;
  if (wasEnded) return failureOf('aborted', 'The wait was ended.', { effect: 'unknown' });
  return bugFailure(error);
}

/** What an action says when its wait is cut short is no finding of its own, unlike a verdict. */
function endedByRequest({ step }: Command, result: ActionResult): ActionResult {
  if (result.kind === 'ok' || isRollback(result)) return result;
  if (result.kind === 'stopped') {
    return { kind: 'failed', failure: failureOf('aborted', `A request ended step ${step}.`) };
  }
  const { effect } = result.failure;
  const details = { endedAs: result.failure };
  const failure = failureOf('aborted', `A request ended step ${step}.`, { effect, details });
  return { ...result, failure };
}

function isRollback(result: ActionResult): boolean {
  return result.kind === 'failed' && result.judgement?.verdict === 'ROLLBACK';
}

function endSentence({ step, deadlineMs }: Command): string {
  return `Step ${step} did not end within ${deadlineMs} ms.`;
}

function outcomeOf(engine: EngineContext, result: ActionResult, startedNs: bigint): OutcomeEvent {
  if (result.kind === 'ok') return { kind: 'CommandSucceeded', evidence: result.evidence };
  if (result.kind === 'stopped') {
    const spentMs = Math.round(elapsedMs(engine.clock, startedNs));
    return { kind: 'CommandStopped', evidence: result.evidence, spentMs };
  }
  return {
    kind: 'CommandFailed',
    failure: result.failure,
    judgement: result.judgement ?? null,
    ...(result.course && { course: result.course }),
    decidedAtNs: result.decidedAtNs ?? String(engine.clock.monotonicNs()),
    zeroAtNs: result.zeroAtNs ?? null,
  };
}
