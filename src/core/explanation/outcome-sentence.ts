/** How a deployment ended, in one sentence. */
import type { DeploymentSummary } from '../deployment/deployment-summary.ts';
import { changesNothing } from '../plan/changes-nothing.ts';
import type { Plan } from '../plan/plan.ts';

export function outcomeSentence(
  plan: Plan,
  summary: Pick<DeploymentSummary, 'outcome' | 'cause'>,
): string {
  const { environment, replaces } = plan;
  const service = `${plan.service} ${plan.release.version}`;
  switch (summary.outcome) {
    case 'promoted':
      return plan.leaves ? `${service} serves ${environment}.` : `${environment} is as before.`;
    case 'reverted':
      return `${wasTouched(plan, summary) ? `${service} was taken back` : 'nothing was changed'}; ${replaces === null ? 'nothing serves, as before' : `${replaces.version} serves ${environment}`}.`;
    case 'held':
      return 'call someone. Traffic is frozen on the last verified pool and something is left open.';
  }
}

/** Whether anything was changed before the deployment turned round. */
export function wasTouched({ steps }: Plan, { cause }: Pick<DeploymentSummary, 'cause'>): boolean {
  const reached = steps.findIndex(({ id }) => id === cause?.step);
  return steps.slice(0, reached + 1).some(({ action }) => !changesNothing(action));
}
