import type { DeploymentRecord } from '../store/deployment-store.ts';
import type { Store } from '../store/store.ts';

/** More than run at once anywhere: one a service and environment. */
const RUNNING_MAX = 1_000;

export function runningDeployments(
  store: Pick<Store, 'listDeployments'>,
): Promise<readonly DeploymentRecord[]> {
  return store.listDeployments({ status: 'running', limit: RUNNING_MAX });
}
