/**
 * A pause: the step at hand is brought to its end, then nothing further begins. The split stays as it
 * is, is judged on, and its lease renewed; time does not count against the deployment.
 */
import type { Action, Plan, Step } from '../plan/plan.ts';
import { watchedTraffic } from '../plan/watched-traffic.ts';
import {
  isPastReturn,
  type AboutRequest,
  type Command,
  type Decision,
  type DeploymentState,
  type Pause,
} from './deployment-state.ts';
import type { OperatorRequest } from './operator-request.ts';

/**
 * The time of a hold is recorded piece by piece, by a monotonic clock: a restart may prolong it by no
 * more than such a piece, and no wall clock that is set shortens it.
 */
const PIECE_MS_MIN = 60_000;
const PIECES = 16;

export function isHeld(
  state: DeploymentState,
): state is DeploymentState & { readonly pause: Pause } {
  return state.pause?.isInForce === true;
}

/** Before a further step begins: a pause that was asked for is in force from then on. */
export function beginPause(
  plan: Plan,
  state: DeploymentState,
  step: Step,
): { readonly state: DeploymentState; readonly decided: readonly Decision[] } {
  const { pause } = state;
  if (!pause || pause.isInForce) return { state, decided: [] };
  if (isPastReturn(plan, state)) {
    return withoutPause(state, 'The old release is being retired: there is only the way on.');
  }
  if (isBegun(state, step)) return { state, decided: [] };
  return {
    state: { ...state, attempt: 1, closure: null, pause: { ...pause, isInForce: true } },
    decided: [
      {
        ...aboutRequest(pause.request),
        kind: 'DeploymentPaused',
        before: step.id,
        forMs: pause.request.forMs,
      },
    ],
  };
}

/** What was sent and is not over may act at any moment; a wait never does, and what it waits with neither. */
export function isBegun(
  { observing, attempt, closure }: DeploymentState,
  { action }: Step,
): boolean {
  if (closure) return false;
  return observing || (attempt > 1 && !onlyWaits(action));
}

/** What may be ended at any moment, and begun anew, without harm. */
export function onlyWaits({ kind }: Action): boolean {
  return kind === 'judge-traffic' || kind === 'judge-mirror' || kind === 'await-approval';
}

/** Whoever asked for a pause that has not come into force is told why it never will. */
export function withoutPause(
  state: DeploymentState,
  because: string,
): { readonly state: DeploymentState; readonly decided: readonly Decision[] } {
  const { pause } = state;
  if (!pause) return { state, decided: [] };
  const decided: readonly Decision[] = pause.isInForce
    ? []
    : [{ ...aboutRequest(pause.request), kind: 'RequestDeclined', because }];
  return { state: { ...state, pause: null }, decided };
}

/** What a command does beyond its place in the order. */
export type AboutCommand = Pick<Command, 'step' | 'row' | 'title' | 'action' | 'deadlineMs'>;

/** The command of a pause; the candidate's traffic is judged on where it is. */
export function holdOf(
  plan: Plan,
  state: DeploymentState,
  { request, leftMs }: Pause,
  step: Step,
): AboutCommand {
  return {
    step: 'pause',
    row: step.row,
    title: `Paused before ${step.id} by ${request.actor}`,
    action: { kind: 'hold-traffic', watched: watchedTraffic(plan, state.position) },
    deadlineMs: leftMs === null ? Infinity : pieceOf(leftMs),
  };
}

/** The next piece of a time that is counted as it passes. */
export function pieceOf(leftMs: number): number {
  return Math.min(leftMs, Math.max(PIECE_MS_MIN, Math.ceil(leftMs / PIECES)));
}

export function aboutRequest({ id, kind, actor, reason }: OperatorRequest): AboutRequest {
  return { request: id, asked: kind, actor, reason };
}
