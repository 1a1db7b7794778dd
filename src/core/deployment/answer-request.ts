/** What becomes of a request of people: it is carried out, found to be so already, or declined. */
import type { Plan, Step } from '../plan/plan.ts';
import {
  isPastReturn,
  type Decided,
  type Decision,
  type DeploymentEvent,
  type DeploymentState,
} from './deployment-state.ts';
import { approve } from './approve.ts';
import { aboutRequest, isHeld, withoutPause } from './pause.ts';
import { send } from './send-command.ts';
import { closedWords, overrideClosure } from './thaw.ts';

type Request = Extract<DeploymentEvent, { kind: 'OperatorAsked' }>['request'];
type Asked<Kind extends Request['kind']> = Extract<Request, { kind: Kind }>;

export function answerRequest(
  plan: Plan,
  state: DeploymentState,
  step: Step,
  request: Request,
): Decided {
  const because = tooLate(plan, state);
  if (because !== null) return send(plan, state, [declined(request, because)]);
  switch (request.kind) {
    case 'pause':
      return pause(plan, state, request);
    case 'resume':
      return resume(plan, state, step, request);
    case 'promote':
      return promote(plan, state, step, request);
    case 'approve':
      return approve(plan, state, step, request);
  }
}

/** Why nothing can be asked of the deployment any more; null while something can. */
export function tooLate(plan: Plan, state: DeploymentState): string | null {
  if (state.mode === 'ended') return 'It has ended.';
  if (state.mode === 'reverting') return 'It is being reverted, and nothing stops that.';
  if (!isPastReturn(plan, state)) return null;
  return 'The old release is being retired: there is only the way on.';
}

export function declined(request: Request, because: string): Decision {
  return { ...aboutRequest(request), kind: 'RequestDeclined', because };
}

/** Asked again while it is paused, the pause is the new one: who came last says for how long. */
function pause(plan: Plan, state: DeploymentState, request: Asked<'pause'>): Decided {
  const { forMs } = request;
  const former = state.pause ?? null;
  if (former !== null && former.leftMs === null && forMs === null) {
    const idle = { ...aboutRequest(request), kind: 'RequestIdle', because: PAUSED } as const;
    return send(plan, state, [idle]);
  }
  const { state: next, decided } = withoutPause(state, 'Another request came in its place.');
  const pausing = { request, isInForce: false, leftMs: forMs };
  return send(plan, { ...begun(state, next), pause: pausing }, decided);
}

const PAUSED = 'It is paused already, until somebody resumes.';

function resume(plan: Plan, state: DeploymentState, step: Step, request: Asked<'resume'>): Decided {
  const { closure = null } = state;
  if (!state.pause && closure) {
    return request.override === true
      ? overrideClosure(plan, state, { step, closure, request })
      : send(plan, state, [declined(request, closedWords(plan, closure))]);
  }
  if (!state.pause) {
    const because = 'It is not paused.';
    return send(plan, state, [{ ...aboutRequest(request), kind: 'RequestIdle', because }]);
  }
  const { state: next, decided } = withoutPause(state, `${request.actor} had it resumed.`);
  return send(plan, begun(state, next), [...decided, resumed(state, request)]);
}

/** A pause that has not come into force is only withdrawn. */
function resumed(state: DeploymentState, request: Request): Decision {
  const about = aboutRequest(request);
  if (isHeld(state)) return { ...about, kind: 'DeploymentResumed' };
  return { ...about, kind: 'RequestIdle', because: 'The pause had not begun, and is withdrawn.' };
}

/** What begins behind a pause begins anew; a step that goes on under a pause to come goes on as it is. */
function begun(before: DeploymentState, next: DeploymentState): DeploymentState {
  return isHeld(before) ? { ...next, attempt: 1, observing: false } : next;
}

/**
 * On as soon as the evidence allows: it ends a pause and waives the rest of the time that a weight is
 * held. Samples, limits, comparison and verdict stay what they are.
 */
function promote(
  plan: Plan,
  state: DeploymentState,
  step: Step,
  request: Asked<'promote'>,
): Decided {
  const about = aboutRequest(request);
  if (!state.pause && state.closure) {
    return send(plan, state, [declined(request, closedWords(plan, state.closure))]);
  }
  const isJudging = step.action.kind === 'judge-traffic';
  if (!state.pause && !isJudging) {
    const because =
      step.action.kind === 'await-approval'
        ? `Step ${step.id} waits for approvals, which nothing replaces.`
        : `Step ${step.id} is not paused and holds no weight for a time: there is nothing to waive.`;
    return send(plan, state, [declined(request, because)]);
  }
  if (!state.pause && state.isHoldWaived === true) {
    const because = `The time of ${step.id} is waived already; it waits for evidence.`;
    return send(plan, state, [{ ...about, kind: 'RequestIdle', because }]);
  }
  const { state: next, decided } = withoutPause(state, `${request.actor} had it promoted.`);
  const waived = { ...begun(state, next), isHoldWaived: isJudging };
  return send(plan, waived, [
    ...decided,
    ...(state.pause ? [resumed(state, request)] : []),
    ...(isJudging ? [{ ...about, kind: 'HoldWaived', step: step.id } as const] : []),
  ]);
}

/** A wait was ended: what it found is kept, and what it took of its time is counted. */
export function stopWaiting(
  plan: Plan,
  state: DeploymentState,
  step: Step,
  spentMs: number,
): Decided {
  if (!isHeld(state)) {
    return send(plan, { ...state, spentMs: (state.spentMs ?? 0) + spentMs }, []);
  }
  const held = { ...state, attempt: 1, observing: false };
  const { leftMs } = state.pause;
  if (leftMs === null) return send(plan, held, []);
  if (leftMs > spentMs) {
    return send(plan, { ...held, pause: { ...state.pause, leftMs: leftMs - spentMs } }, []);
  }
  return send(plan, { ...held, pause: null }, [{ kind: 'HoldEnded', before: step.id }]);
}
