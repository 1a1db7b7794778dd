/** What follows a step that has passed: the next one, or the end. */
import { invariant } from '../invariant.ts';
import type { Plan, Step } from '../plan/plan.ts';
import {
  currentStep,
  type Decided,
  type Decision,
  type DeploymentState,
} from './deployment-state.ts';
import { withoutPause } from './pause.ts';
import { lastSequence, send, tokenOf } from './send-command.ts';

/** On to the next step, or to the end. */
export function pass(plan: Plan, state: DeploymentState, step: Step): Decided {
  const passed: Decision = { kind: 'StepPassed', step: step.id };
  const next: DeploymentState = {
    ...state,
    position: state.position + 1,
    attempt: 1,
    observing: false,
    spentMs: 0,
    isHoldWaived: false,
    approvedBy: [],
    closure: null,
    leases: leasesAfter(plan, state, step),
  };
  if (currentStep(plan, next)) return send(plan, next, [passed]);
  if (state.mode === 'forward') {
    const { state: last, decided } = withoutPause(next, 'Every step has passed.');
    const promoted = { ...last, mode: 'ended', outcome: { kind: 'promoted' } } as const;
    return ended(promoted, [passed, ...decided, { kind: 'DeploymentPromoted' }]);
  }
  invariant(state.cause, 'a revert has a cause');
  const reverted = {
    ...next,
    mode: 'ended',
    outcome: { kind: 'reverted', cause: state.cause },
  } as const;
  return ended(reverted, [passed, { kind: 'DeploymentReverted', cause: state.cause }]);
}

/** The leases in force once a step has passed: of each service that of the last split written. */
function leasesAfter(
  plan: Plan,
  state: DeploymentState,
  { action, scope }: Step,
): DeploymentState['leases'] {
  if (action.kind !== 'apply-split') return state.leases;
  const others = state.leases.filter((lease) => lease.scope !== scope);
  const { lease } = action.split;
  if (lease === null) return others;
  return [...others, { scope, token: tokenOf(plan, lastSequence(state)), ttlMs: lease.ttlMs }];
}

export function ended(state: DeploymentState, decisions: readonly Decision[] = []): Decided {
  return { state, command: null, decisions };
}
