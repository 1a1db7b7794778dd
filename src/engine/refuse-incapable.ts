/** What the protocol needs of drivers beyond their contract; asked for before anything is planned. */
import { operationalError } from '../core/operational-error.ts';
import type { PlannedService } from '../core/plan/plan.ts';
import type { Capability } from '../drivers/contract.ts';
import type { DriversInUse } from './drivers-in-use.ts';

/** Every plan shifts leased traffic in steps and reverts by itself. */
const REQUIRED: Readonly<Record<keyof DriversInUse['capabilities'], readonly Capability[]>> = {
  target: ['fencing'],
  balancer: ['leases', 'fencing', 'samples', 'trips'],
};

export function refuseIncapable(
  service: Pick<PlannedService, 'target' | 'balancer'> & {
    readonly rollout: Pick<PlannedService['rollout'], 'mirror'>;
  },
  { capabilities }: Pick<DriversInUse, 'capabilities'>,
): void {
  for (const kind of ['target', 'balancer'] as const) {
    const missing = REQUIRED[kind].filter((capability) => !capabilities[kind].has(capability));
    if (missing.length === 0) continue;
    throw operationalError(
      'config-invalid',
      `The ${kind} driver "${service[kind].driver}" lacks ${missing.join(', ')}, which every deployment needs; choose another driver.`,
    );
  }
  if (!service.rollout.mirror || capabilities.balancer.has('mirror')) return;
  throw operationalError(
    'config-invalid',
    `The balancer driver "${service.balancer.driver}" cannot mirror requests; leave rollout.mirror out, or choose another driver.`,
  );
}
