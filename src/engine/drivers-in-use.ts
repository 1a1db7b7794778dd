/** Connects the drivers that a plan names; the list of drivers comes from the composition root. */
import { operationalError } from '../core/operational-error.ts';
import type { Plan, PlannedProbe } from '../core/plan/plan.ts';
import type {
  Balancer,
  Capability,
  Driver,
  DriverEnvironment,
  DriverKind,
  DriverPorts,
  Probe,
  Target,
} from '../drivers/contract.ts';

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

/** Opens the drivers of one plan; no I/O happens before their first verb. */
export type ConnectDrivers = (
  plan: Pick<Plan, 'target' | 'balancer' | 'probes'> & Partial<Pick<Plan, 'probesBefore'>>,
) => DriversInUse;

export function connectDriversFrom(
  drivers: readonly Driver[],
  environment: DriverEnvironment,
): ConnectDrivers {
  function find(kind: DriverKind, id: string): Driver {
    const driver = drivers.find((candidate) => candidate.kind === kind && candidate.id === id);
    if (!driver) {
      throw operationalError('config-invalid', `This Surefoot has no ${kind} driver "${id}".`);
    }
    return driver;
  }
  function connect<Kind extends DriverKind>(
    kind: Kind,
    id: string,
    config: unknown,
  ): DriverPorts[Kind] {
    return find(kind, id).connect(config, environment) as DriverPorts[Kind];
  }
  const connectProbe = ({ name, driver, config }: PlannedProbe): NamedProbe => ({
    name,
    probe: connect('probe', driver, config),
  });
  return (plan) => ({
    target: connect('target', plan.target.driver, plan.target.config),
    balancer: connect('balancer', plan.balancer.driver, plan.balancer.config),
    probes: plan.probes.map(connectProbe),
    probesBefore: (plan.probesBefore ?? []).map(connectProbe),
    capabilities: {
      target: find('target', plan.target.driver).capabilities,
      balancer: find('balancer', plan.balancer.driver).capabilities,
    },
  });
}
