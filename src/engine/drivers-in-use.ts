/** Connects the drivers that a plan names; the list of drivers comes from the composition root. */
import type { PlannedProbe, PlannedService } from '../core/plan/plan.ts';
import type {
  Balancer,
  Capability,
  Driver,
  DriverEnvironment,
  Probe,
  Target,
} from '../drivers/contract.ts';
import { connectDriver } from './connect-driver.ts';
import { findDriver } from './find-driver.ts';

export interface NamedProbe {
  readonly name: string;
  readonly probe: Probe;
}

export interface DriversInUse {
  readonly target: Target;
  readonly balancer: Balancer;
  /** Those of the candidate. */
  readonly probes: readonly NamedProbe[];
  /** Those of the stable release. */
  readonly probesBefore: readonly NamedProbe[];
  readonly capabilities: Readonly<Record<'target' | 'balancer', ReadonlySet<Capability>>>;
}

/** Opens the drivers of one service; no I/O happens before their first verb. */
export type ConnectDrivers = (
  service: Pick<PlannedService, 'target' | 'balancer' | 'probes'> &
    Partial<Pick<PlannedService, 'probesBefore'>>,
) => DriversInUse;

export function connectDriversFrom(
  drivers: readonly Driver[],
  environment: DriverEnvironment,
): ConnectDrivers {
  const connect = connectDriver(drivers);
  const connectProbe = ({ name, ...choice }: PlannedProbe): NamedProbe => ({
    name,
    probe: connect('probe', choice, environment),
  });
  return (service) => ({
    target: connect('target', service.target, environment),
    balancer: connect('balancer', service.balancer, environment),
    probes: service.probes.map(connectProbe),
    probesBefore: (service.probesBefore ?? []).map(connectProbe),
    capabilities: {
      target: findDriver(drivers, 'target', service.target.driver).capabilities,
      balancer: findDriver(drivers, 'balancer', service.balancer.driver).capabilities,
    },
  });
}
