/** How a deployment ended, in one sentence. */
import type { DeploymentSummary } from '../deployment/deployment-summary.ts';
import { changesNothing } from '../plan/changes-nothing.ts';
import type { Plan } from '../plan/plan.ts';
import { releases } from '../words/releases.ts';

export function outcomeSentence(
  plan: Plan,
  summary: Pick<DeploymentSummary, 'outcome' | 'cause'>,
): string {
  const { environment, services } = plan;
  switch (summary.outcome) {
    case 'promoted': {
      const serving = services.filter(({ leaves }) => leaves !== null);
      if (serving.length === 0) return `${environment} is as before.`;
      return `${releases(serving)} ${serving.length > 1 ? 'serve' : 'serves'} ${environment}.`;
    }
    case 'reverted': {
      const were = services.length > 1 ? 'were' : 'was';
      const back = wasTouched(plan, summary)
        ? `${releases(services)} ${were} taken back`
        : 'nothing was changed';
      return `${back}; ${whatServes(plan)}.`;
    }
    case 'held':
      return 'call someone. Traffic is frozen on the last verified pool and something is left open.';
  }
}

/** As before the deployment. */
function whatServes({ environment, services: [first, ...others] }: Plan): string {
  if (others.length === 0 && first.replaces)
    return `${first.replaces.version} serves ${environment}`;
  const before = [first, ...others].flatMap(({ service, replaces }) =>
    replaces ? [{ service, release: replaces }] : [],
  );
  if (before.length === 0) return 'nothing serves, as before';
  return `${releases(before)} ${before.length > 1 ? 'serve' : 'serves'} ${environment}`;
}

/** Whether anything was changed before the deployment turned round. */
export function wasTouched({ steps }: Plan, { cause }: Pick<DeploymentSummary, 'cause'>): boolean {
  const reached = steps.findIndex(({ id }) => id === cause?.step);
  return steps.slice(0, reached + 1).some(({ action }) => !changesNothing(action));
}
