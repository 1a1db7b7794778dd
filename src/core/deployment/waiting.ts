/** What a deployment waits for that only people or their time can bring. */
import type { Plan } from '../plan/plan.ts';
import type { Closure } from './closure.ts';
import { currentStep, type DeploymentState } from './deployment-state.ts';

export type Waiting =
  | {
      readonly kind: 'pause';
      /** The step that does not begin. */
      readonly before: string;
      /** False while the step at hand is brought to its end. */
      readonly isInForce: boolean;
      readonly actor: string;
      readonly reason: string;
      /** What was left of the time when that was recorded last; null when somebody must resume. */
      readonly leftMs: number | null;
    }
  | {
      readonly kind: 'approval';
      /** The gate that waits. */
      readonly step: string;
      readonly needed: number;
      readonly approvedBy: readonly string[];
      /** As above; then the deployment reverts. */
      readonly leftMs: number;
    }
  | {
      readonly kind: 'closure';
      /** The step that does not begin. */
      readonly before: string;
      readonly closure: Closure;
    };

export function waitingOf(plan: Plan, state: DeploymentState): Waiting | null {
  const { pause, spentMs = 0, approvedBy = [] } = state;
  const step = currentStep(plan, state);
  if (!step) return null;
  if (pause) {
    const { request, isInForce, leftMs } = pause;
    const { actor, reason } = request;
    return { kind: 'pause', before: step.id, isInForce, actor, reason, leftMs };
  }
  if (state.closure) return { kind: 'closure', before: step.id, closure: state.closure };
  const { id, action, deadlineMs } = step;
  if (action.kind !== 'await-approval') return null;
  const { approvers: needed } = action;
  return { kind: 'approval', step: id, needed, approvedBy, leftMs: deadlineMs - spentMs };
}
