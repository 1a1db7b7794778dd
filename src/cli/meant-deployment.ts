/** The deployment that a command is about: the one that is named, or the only one that runs. */
import type { StatusAnswer } from '../api/contract/answers.ts';
import type { ApiClient } from './api-client.ts';
import { deploymentId } from './deployment-id.ts';
import { usageError } from './usage-error.ts';

export async function meantDeployment(
  api: Pick<ApiClient, 'status'>,
  argument: string | undefined,
): Promise<string> {
  return argument === undefined ? onlyRunning(await api.status()) : deploymentId(argument);
}

function onlyRunning({ services }: StatusAnswer): string {
  const running = services.map(({ last }) => last).filter(({ status }) => status === 'running');
  // One of several services is the last of each.
  const [only, ...others] = new Set(running.map(({ id }) => id));
  if (only !== undefined && others.length === 0) return only;
  if (only === undefined) throw usageError('No deployment is running.');
  throw usageError(
    `Several deployments are running (${[only, ...others].join(', ')}); say which one.`,
  );
}
