/** What a deployment waits for that only people or their time can bring. */
import type { Plan } from '../plan/plan.ts';
import { currentStep, type DeploymentState } from './deployment-state.ts';

export interface Waiting {
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

export function waitingOf(plan: Plan, state: DeploymentState): Waiting | null {
  const { pause } = state;
  const step = currentStep(plan, state);
  if (!pause || !step) return null;
  const { request, isInForce, leftMs } = pause;
  const { actor, reason } = request;
  return { kind: 'pause', before: step.id, isInForce, actor, reason, leftMs };
}
