import { serviceOf } from '../core/plan/service-of.ts';
import type { DeploymentRecord } from '../store/deployment-store.ts';
import type { EngineContext } from './engine-context.ts';

/**
 * For who begins to drive: the leases of what was running must not wait until its workflows are
 * recovered. They rest until a workflow acts under them, and are kept no longer than that.
 */
export function resumeLeases(
  { leases, connectDrivers }: Pick<EngineContext, 'leases' | 'connectDrivers'>,
  running: readonly DeploymentRecord[],
): void {
  for (const { plan, state } of running) {
    if (state.mode !== 'forward') continue;
    for (const lease of state.leases) {
      const { balancer } = connectDrivers(serviceOf(plan, lease.scope));
      leases.hold(lease, balancer);
      leases.rest(lease.scope);
    }
  }
}
