/**
 * Approvals: bound to the digest of the plan that was seen, by different people, and never in place of
 * what the traffic must show.
 */
import { failureOf, type Failure } from '../failures.ts';
import { invariant } from '../invariant.ts';
import type { Plan, Step } from '../plan/plan.ts';
import type { Decided, Decision, DeploymentState, Origin } from './deployment-state.ts';
import type { OperatorRequest } from './operator-request.ts';
import { pass } from './pass-step.ts';
import { aboutRequest } from './pause.ts';
import { send } from './send-command.ts';

type Approval = Extract<OperatorRequest, { kind: 'approve' }>;

export function approve(
  plan: Plan,
  state: DeploymentState,
  step: Step,
  request: Approval,
): Decided {
  const about = aboutRequest(request);
  const { action } = step;
  const because = refusalOfApproval(plan, { step, origin: state.origin ?? null }, request);
  if (because !== null) return send(plan, state, [{ ...about, kind: 'RequestDeclined', because }]);
  invariant(action.kind === 'await-approval', 'only a gate takes approvals');
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

/**
 * Why the approval cannot be taken at the step at hand; null when it can. Nobody approves ahead of a gate, of what
 * there is nothing to see of yet.
 */
export function refusalOfApproval(
  plan: Plan,
  { step, origin }: { readonly step: Step | undefined; readonly origin: Origin | null },
  { actor, planDigest }: Pick<Approval, 'actor' | 'planDigest'>,
): string | null {
  if (origin?.planDigest !== planDigest) {
    return `The plan has the digest ${origin?.planDigest ?? 'of an older record'}; approved was ${planDigest}.`;
  }
  if (step?.action.kind !== 'await-approval') {
    const position = plan.steps.findIndex(({ id }) => id === step?.id);
    const next = plan.steps.slice(position).find(({ action }) => action.kind === 'await-approval');
    return `No approval is awaited at ${step?.id ?? 'its end'}${next ? `; at ${next.id} one will be` : ''}.`;
  }
  if (!step.action.exceptStarter || actor !== origin.actor) return null;
  return `${actor} has started the deployment; somebody else must approve it.`;
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
