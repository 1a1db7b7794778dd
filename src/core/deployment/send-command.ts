/** From where a deployment stands to the command that comes next, with its token. */
import { invariant } from '../invariant.ts';
import type { FencingToken } from '../model/fencing-token.ts';
import type { Action, Plan, Step } from '../plan/plan.ts';
import {
  currentStep,
  isPastReturn,
  REVERT_SEQUENCE_FIRST,
  type Command,
  type Decided,
  type Decision,
  type DeploymentState,
} from './deployment-state.ts';
import { bringsForward } from './closure.ts';
import type { RequestKind } from './operator-request.ts';
import {
  beginPause,
  holdOf,
  isBegun,
  isHeld,
  onlyWaits,
  pieceOf,
  type AboutCommand,
} from './pause.ts';
import { untilOpen } from './until-open.ts';

const BACKOFF_FIRST_MS = 100;
const BACKOFF_MAX_MS = 1_000;

/** Time for a look at least, however much of its time a wait has used up. */
const WAIT_MS_MIN = 1_000;

/**
 * The command of the step at hand, or of the pause before it; one that acts gets a new token, one that
 * looks keeps the last.
 */
export function send(plan: Plan, before: DeploymentState, decisions: readonly Decision[]): Decided {
  const step = currentStep(plan, before);
  invariant(step, 'only a deployment that has not ended sends commands');
  const { state, decided } = beginPause(plan, before, step);
  const sequence = lastSequence(state) + (state.observing ? 0 : 1);
  const about = aboutNext(plan, state, step);
  const next: DeploymentState =
    state.mode === 'forward'
      ? {
          ...state,
          lastForwardSequence: sequence,
          leasedSequences: leasedWith(state, about.action, sequence),
        }
      : { ...state, lastRevertSequence: sequence };
  invariant(
    next.lastForwardSequence < REVERT_SEQUENCE_FIRST,
    'forward tokens stay below the revert block',
  );
  const command: Command = {
    ...about,
    scope: step.scope,
    token: tokenOf(plan, sequence),
    attempt: state.attempt,
    purpose: state.observing ? 'observe' : 'act',
    endedBy: endedBy(plan, state, about.action),
    whileClosed: whileClosed(plan, state, step),
    delayMs: backoffMs(state.attempt),
    comparison: compares(about.action) ? (state.comparison ?? null) : null,
    leases: state.leases,
    revertToken: tokenOf(plan, REVERT_SEQUENCE_FIRST),
  };
  return { state: next, command, decisions: [...decisions, ...decided] };
}

function aboutNext(plan: Plan, state: DeploymentState, step: Step): AboutCommand {
  if (isHeld(state)) return holdOf(plan, state, state.pause, step);
  return state.closure ? untilOpen(plan, state, state.closure, step) : aboutStep(state, step);
}

function aboutStep(state: DeploymentState, { id, row, title, ...step }: Step): AboutCommand {
  const leftMs = Math.max(
    step.deadlineMs - (state.spentMs ?? 0),
    Math.min(step.deadlineMs, WAIT_MS_MIN),
  );
  const deadlineMs = step.action.kind === 'await-approval' ? pieceOf(leftMs) : leftMs;
  return { step: id, row, title, action: actionOf(state, step.action), deadlineMs };
}

function actionOf(state: DeploymentState, action: Action): Action {
  if (action.kind !== 'judge-traffic' || state.isHoldWaived !== true) return action;
  return { ...action, limits: { ...action.limits, isHoldWaived: true } };
}

/** Whether what an action finds out about the candidate beside the stable release goes on. */
export function compares(action: Action): boolean {
  if (action.kind === 'hold-traffic' || action.kind === 'await-approval') {
    return action.watched?.comparison !== undefined;
  }
  return action.kind === 'judge-traffic' && action.comparison !== undefined;
}

const WAIT_IS_ENDED_BY: readonly RequestKind[] = ['abort', 'pause', 'promote'];
const HOLD_IS_ENDED_BY: readonly RequestKind[] = [...WAIT_IS_ENDED_BY, 'resume', 'approve'];

/** A wait begins anew without harm; whatever acts is ended by nothing but the way back. */
function endedBy(plan: Plan, state: DeploymentState, action: Action): readonly RequestKind[] {
  const { kind } = action;
  if (state.mode !== 'forward' || isPastReturn(plan, state)) return [];
  if (kind === 'hold-traffic' || kind === 'await-approval') return HOLD_IS_ENDED_BY;
  return onlyWaits(action) ? WAIT_IS_ENDED_BY : ['abort'];
}

/** What is on its way to its end, or back, or past the return, asks nobody. */
function whileClosed(plan: Plan, state: DeploymentState, step: Step): Command['whileClosed'] {
  if (state.mode !== 'forward' || isPastReturn(plan, state) || isHeld(state)) return 'acts';
  if (state.closure) return 'waits';
  return bringsForward(step.action) && !isBegun(state, step) ? 'is-withheld' : 'acts';
}

/** Noted when the split is sent, not when it is known to be in force: it may be without our knowing. */
function leasedWith(state: DeploymentState, action: Action, sequence: number): readonly number[] {
  const isLeased = action.kind === 'apply-split' && action.split.lease !== null;
  if (!isLeased || state.leasedSequences.includes(sequence)) return state.leasedSequences;
  return [...state.leasedSequences, sequence];
}

function backoffMs(attempt: number): number {
  return attempt === 1 ? 0 : Math.min(BACKOFF_FIRST_MS * 2 ** (attempt - 2), BACKOFF_MAX_MS);
}

export function lastSequence(state: DeploymentState): number {
  return state.mode === 'forward' ? state.lastForwardSequence : state.lastRevertSequence;
}

export function tokenOf(plan: Plan, sequence: number): FencingToken {
  return { deployment: plan.deployment, sequence };
}
