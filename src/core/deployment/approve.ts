/**
 * Approvals: bound to the digest of the plan that was seen, by different people, and never in place of
 * what the traffic must show.
 */
import { failureOf, type Failure } from '../failures.ts';
import type { Action, Plan, Step } from '../plan/plan.ts';
import type { Decided, Decision, DeploymentState } from './deployment-state.ts';
import type { OperatorRequest } from './operator-request.ts';
import { pass } from './pass-step.ts';
import { aboutRequest } from './pause.ts';
import { send } from './send-command.ts';

type Approval = Extract<OperatorRequest, { kind: 'approve' }>;
type Gate = Extract<Action, { kind: 'await-approval' }>;

export function approve(
  plan: Plan,
  state: DeploymentState,
  step: Step,
  request: Approval,
): Decided {
  const about = aboutRequest(request);
  const { action } = step;
  const seen = state.origin?.planDigest ?? 'of an older record';
  const never = neverApproved(plan, state, seen, request);
  if (never !== null || action.kind !== 'await-approval') {
    const because = never ?? notAwaited(plan, state, step);
    return send(plan, state, [{ ...about, kind: 'RequestDeclined', because }]);
  }
  const because = refusalOf(state, action, request);
  if (because !== null) return send(plan, state, [{ ...about, kind: 'RequestDeclined', because }]);
  const before = state.approvedBy ?? [];
  if (before.includes(request.actor)) {
    const known = `${request.actor} has approved already; it takes ${action.approvers} different people.`;
    return send(plan, state, [{ ...about, kind: 'RequestIdle', because: known }]);
  }
  const approvedBy = [...before, request.actor];
  const given: Decision = {
    ...{ ...about, kind: 'ApprovalGiven', step: step.id, planDigest: request.planDigest },
    ...{ given: approvedBy.length, needed: action.approvers },
  };
  if (approvedBy.length < action.approvers) return send(plan, { ...state, approvedBy }, [given]);
  const passed = pass(plan, state, step);
  return { ...passed, decisions: [given, ...passed.decisions] };
}

/** Why no step from here on can take the approval; null while one may. */
export function neverApproved(
  plan: Plan,
  { position }: DeploymentState,
  planDigest: string,
  approved: Pick<Approval, 'planDigest'>,
): string | null {
  if (planDigest !== approved.planDigest) {
    return `The plan has the digest ${planDigest}; approved was ${approved.planDigest}.`;
  }
  return nextGate(plan, position) ? null : 'It awaits no approval from here on.';
}

function refusalOf({ origin }: DeploymentState, gate: Gate, { actor }: Approval): string | null {
  if (!gate.exceptStarter || actor !== origin?.actor) return null;
  return `${actor} has started the deployment; somebody else must approve it.`;
}

function notAwaited(plan: Plan, { position }: DeploymentState, { id }: Step): string {
  const next = nextGate(plan, position);
  return `No approval is awaited at ${id}${next ? `; at ${next.id} one will be` : ''}.`;
}

function nextGate(plan: Plan, position: number): Step | undefined {
  return plan.steps.slice(position).find(({ action }) => action.kind === 'await-approval');
}

/** What becomes of a gate whose time is used up; null while it may wait. */
export function approvalOverdue(
  { spentMs = 0, approvedBy = [] }: DeploymentState,
  { id, action, deadlineMs }: Step,
  justSpentMs: number,
): Failure | null {
  if (action.kind !== 'await-approval' || spentMs + justSpentMs < deadlineMs) return null;
  return failureOf(
    'approval-missing',
    `${approvedBy.length} of ${action.approvers} people had approved at ${id} when its time was over.`,
  );
}
