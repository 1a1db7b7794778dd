/**
 * The protocol as a function: from where a deployment stands and what happened to where it stands
 * next and what to do. Pure; the engine carries events in and commands out.
 */
import { failureOf, type Failure, type FailureCode } from '../failures.ts';
import { invariant } from '../invariant.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { answerRequest, declined, stopWaiting } from './answer-request.ts';
import { approvalOverdue } from './approve.ts';
import {
  currentStep,
  isPastReturn,
  isUntouched,
  type Cause,
  type Decided,
  type Decision,
  type DeploymentEvent,
  type DeploymentState,
  type Evidence,
} from './deployment-state.ts';
import { isHeld, withoutPause } from './pause.ts';
import { ended, pass } from './pass-step.ts';
import { refusedAbort } from './refused-abort.ts';
import { compares, send } from './send-command.ts';
import { thaw } from './thaw.ts';

export function decide(plan: Plan, state: DeploymentState, event: DeploymentEvent): Decided {
  if (state.mode === 'ended') {
    return ended(state, tooLateFor(state, event));
  }
  const step = currentStep(plan, state);
  invariant(step, `deployment ${plan.id} has no step ${state.position} while ${state.mode}`);
  switch (event.kind) {
    case 'Started': {
      const { origin = null, override = null } = event;
      return send(plan, { ...state, origin, override }, [{ kind: 'DeploymentStarted' }]);
    }
    case 'DriverLost':
      return resume(plan, state, step, event.failure);
    case 'CommandSucceeded':
      return pass(
        plan,
        noteComparison(plan, noteZero(plan, state, event.evidence), event.evidence),
        step,
      );
    case 'EffectObserved':
      return event.inForce ? pass(plan, state, step) : again(plan, state, step);
    case 'CommandFailed':
      return fail(plan, state, step, event);
    case 'CommandStopped':
      return stop(plan, noteComparison(plan, state, event.evidence, state.position), step, event);
    case 'CommandWithheld':
      return send(plan, { ...state, closure: event.closure }, []);
    case 'AbortRequested':
      return abort(plan, state, step, event);
    case 'OperatorAsked':
      return answerRequest(plan, state, step, event.request);
  }
}

/** Whoever asks when all is over is told so. */
function tooLateFor(state: DeploymentState, event: DeploymentEvent): readonly Decision[] {
  if (event.kind === 'AbortRequested') return [refusedAbort(state, event)];
  return event.kind === 'OperatorAsked' ? [declined(event.request, 'It has ended.')] : [];
}

/** The first steps of the revert, one for each service, say since when no candidate has any weight. */
function noteZero({ services }: Plan, state: DeploymentState, evidence: Evidence): DeploymentState {
  const isLastOfZeros = state.position === services.length - 1;
  if (state.mode !== 'reverting' || !isLastOfZeros || state.zeroAtNs !== null) return state;
  return { ...state, zeroAtNs: evidence.inForceSinceNs ?? null };
}

/** One bet runs through all steps that compare; behind the last of them nobody needs it. */
function noteComparison(
  plan: Plan,
  state: DeploymentState,
  evidence: Evidence,
  from = state.position + 1,
): DeploymentState {
  const comparison = evidence.comparison ?? state.comparison ?? null;
  if (state.mode !== 'forward' || comparison === null) return state;
  const { scope } = plan.steps[state.position] ?? {};
  const isNeeded = plan.steps
    .slice(from)
    .some((step) => step.scope === scope && compares(step.action));
  return { ...state, comparison: isNeeded ? comparison : null };
}

function fail(
  plan: Plan,
  state: DeploymentState,
  step: Step,
  event: Extract<DeploymentEvent, { kind: 'CommandFailed' }>,
): Decided {
  const { failure, judgement } = event;
  const mayTryAgain = state.attempt < attemptsMaxOf(step, failure);
  const isTransient = failure.recovery === 'retry';
  // Behind the point of no return, and on the way back, there is no other way than on.
  const mustGoOn =
    state.mode === 'reverting' ||
    (isPastReturn(plan, state) && !isRefusedAtReturn(plan, state, step, failure));
  if (mayTryAgain && (isTransient || (mustGoOn && isWorthRepeating(failure)))) {
    // A further look is a new attempt as well, so that looking ends too.
    if (failure.effect === 'unknown' || state.observing) return look(plan, state);
    return again(plan, state, step);
  }
  const decidedAtNs = state.leases.length > 0 ? event.decidedAtNs : null;
  const cause: Cause = { step: step.id, failure, judgement, decidedAtNs };
  if (mustGoOn) return hold(state, cause);
  return turnRound(plan, { ...state, zeroAtNs: event.zeroAtNs }, cause);
}

/** The first command that cannot be taken back was not carried out: the way back is still clear. */
function isRefusedAtReturn(
  plan: Plan,
  { attempt }: DeploymentState,
  { id }: Step,
  { code, effect }: Failure,
): boolean {
  const isRefusal = REFUSALS_AT_RETURN.has(code) && effect === 'none';
  return id === plan.pointOfNoReturn && plan.revert.length > 0 && attempt === 1 && isRefusal;
}

/** The old pool has traffic again, or the one that was to take its place is not whole. */
const REFUSALS_AT_RETURN: ReadonlySet<FailureCode> = new Set([
  'split-differs',
  'capacity-missing',
  'instance-exited',
]);

/** A bug stays a bug; a few tries tell it from an accident. */
const ATTEMPTS_MAX_AFTER_BUG = 3;
/** Whatever is not known to pass by itself is not waited for as long as an agent that is away. */
const ATTEMPTS_MAX_LASTING = 10;

function attemptsMaxOf(step: Step, { code, recovery }: Failure): number {
  if (code === 'internal-error') return Math.min(step.attemptsMax, ATTEMPTS_MAX_AFTER_BUG);
  if (recovery === 'retry') return step.attemptsMax;
  return Math.min(step.attemptsMax, ATTEMPTS_MAX_LASTING);
}

/** A wrong answer may become right when the world recovers; a refusal or difference will not. */
function isWorthRepeating(failure: Failure): boolean {
  return failure.code !== 'state-differs' && failure.code !== 'token-fenced';
}

/** A wait was ended; one for people that has used up its time turns round. */
function stop(
  plan: Plan,
  state: DeploymentState,
  step: Step,
  { spentMs, isOpen }: Extract<DeploymentEvent, { kind: 'CommandStopped' }>,
): Decided {
  if (!isHeld(state) && state.closure) return thaw(plan, state, step, isOpen === true);
  const overdue = isHeld(state) ? null : approvalOverdue(state, step, spentMs);
  if (overdue === null) return stopWaiting(plan, state, step, spentMs);
  return turnRound(plan, state, {
    ...{ step: step.id, failure: overdue, judgement: null, decidedAtNs: null },
  });
}

function abort(
  plan: Plan,
  state: DeploymentState,
  step: Step,
  event: Extract<DeploymentEvent, { kind: 'AbortRequested' }>,
): Decided {
  const { actor, reason } = event;
  if (state.mode === 'reverting' || isPastReturn(plan, state)) {
    return send(plan, state, [refusedAbort(state, event)]);
  }
  const failure = failureOf('aborted', `${actor} aborted the deployment: ${reason}`);
  const cause: Cause = {
    step: step.id,
    failure,
    judgement: null,
    decidedAtNs: state.leases.length > 0 ? event.decidedAtNs : null,
  };
  return turnRound(plan, { ...state, zeroAtNs: event.zeroAtNs }, cause);
}

/** On the way back, or past the return, the same way goes on; before that, nothing is guessed. */
function resume(plan: Plan, state: DeploymentState, step: Step, failure: Failure): Decided {
  if (state.mode === 'reverting' || isPastReturn(plan, state)) {
    return again(plan, state, step);
  }
  return turnRound(plan, state, { step: step.id, failure, judgement: null, decidedAtNs: null });
}

/** The way back; where nothing was changed there is none, and what was found is left as it is. */
function turnRound(plan: Plan, before: DeploymentState, cause: Cause): Decided {
  const { state, decided } = withoutPause(
    { ...before, closure: null },
    'It is being reverted, and nothing stops that.',
  );
  if (isUntouched(plan, state)) {
    const outcome = { kind: 'reverted', cause } as const;
    const reverted = { ...state, mode: 'ended', cause, outcome } as const;
    return ended(reverted, [...decided, { kind: 'DeploymentReverted', cause }]);
  }
  const reverting: DeploymentState = {
    ...state,
    mode: 'reverting',
    position: 0,
    attempt: 1,
    observing: false,
    leases: [],
    cause,
  };
  return send(plan, reverting, [...decided, { kind: 'RevertDecided', cause }]);
}

function hold(state: DeploymentState, cause: Cause): Decided {
  const held = { ...state, mode: 'ended', outcome: { kind: 'held', cause } } as const;
  return ended(held, [{ kind: 'DeploymentHeld', cause }]);
}

function again(plan: Plan, state: DeploymentState, step: Step): Decided {
  const attempt = state.attempt + 1;
  const retry: Decision = { kind: 'RetryDecided', step: step.id, attempt };
  return send(plan, { ...state, attempt, observing: false }, [retry]);
}

function look(plan: Plan, state: DeploymentState): Decided {
  return send(plan, { ...state, attempt: state.attempt + 1, observing: true }, []);
}
