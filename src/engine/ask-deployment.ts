/** Writes down what somebody asks of a running deployment; whoever drives it hears of it at once. */
import { tooLate } from '../core/deployment/answer-request.ts';
import { refusalOfApproval } from '../core/deployment/approve.ts';
import { currentStep } from '../core/deployment/deployment-state.ts';
import type { NewOperatorRequest } from '../core/deployment/operator-request.ts';
import { operationalError, type OperationalError } from '../core/operational-error.ts';
import type { Plan } from '../core/plan/plan.ts';
import { soleScope } from '../core/plan/sole-scope.ts';
import type { NewAuditEntry } from '../store/audit-store.ts';
import type { DeploymentRecord } from '../store/deployment-store.ts';
import type { EngineContext } from './engine-context.ts';

export interface AskedDeployment {
  readonly deployment: DeploymentRecord;
  /** The request's number, by which the audit log answers it. */
  readonly request: number;
}

/**
 * Refused when the deployment has ended, or goes a way that nobody can stop, and an approval where none is awaited:
 * who approves must not believe that it is on record.
 */
export async function askDeployment(
  { store }: Pick<EngineContext, 'store'>,
  number: number,
  request: NewOperatorRequest,
): Promise<AskedDeployment> {
  const deployment = await store.findDeployment(number);
  if (!deployment) throw operationalError('not-found', `There is no deployment d${number}.`);
  const { plan, state, status } = deployment;
  // Whoever asks twice for the way back is on it.
  const isWanted = request.kind === 'abort' && state.mode === 'reverting';
  const because = status !== 'running' ? ENDED : isWanted ? null : tooLate(plan, state);
  if (because !== null) throw tooLateError(number, because);
  const refusal = request.kind === 'approve' ? whyNotApproved(deployment, request) : null;
  if (refusal !== null) {
    throw operationalError('request-declined', `Not done for d${number}: ${refusal}`);
  }
  const id = await store.addRequest(number, request, (asked) => [
    requestEntry(plan, asked, request),
  ]);
  if (id === null) throw tooLateError(number, ENDED);
  return { deployment, request: id };
}

/** As things stand; whoever drives the deployment decides in the end. */
function whyNotApproved(
  { plan, state, planDigest, actor }: DeploymentRecord,
  request: Extract<NewOperatorRequest, { kind: 'approve' }>,
): string | null {
  const step = currentStep(plan, state);
  return refusalOfApproval(plan, { step, origin: { planDigest, actor } }, request);
}

const ENDED = 'It has ended.';

function tooLateError(number: number, because: string): OperationalError {
  return operationalError('request-too-late', `Too late for d${number}: ${because}`);
}

/** Its entry in the audit log. */
export function requestEntry(
  plan: Plan,
  id: number,
  { kind, actor, ...more }: NewOperatorRequest,
): NewAuditEntry {
  return {
    ...{ scope: soleScope(plan), deployment: plan.deployment, actor, key: null },
    body: { kind: 'OperatorAsked', request: id, asked: kind, ...more },
  };
}
