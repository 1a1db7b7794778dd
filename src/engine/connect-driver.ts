/** Connects the driver that a declaration names; the list of drivers comes from the composition root. */
import type { DriverChoice } from '../config/system-config.ts';
import type { Driver, DriverEnvironment, DriverKind, DriverPorts } from '../drivers/contract.ts';
import { findDriver } from './find-driver.ts';

/** Throws `config-invalid` for a driver that there is not. */
export type ConnectDriver = <Kind extends DriverKind>(
  kind: Kind,
  choice: DriverChoice,
  environment: DriverEnvironment,
) => DriverPorts[Kind];

export function connectDriver(drivers: readonly Driver[]): ConnectDriver {
  return <Kind extends DriverKind>(
    kind: Kind,
    { driver, config }: DriverChoice,
    environment: DriverEnvironment,
  ) => findDriver(drivers, kind, driver).connect(config, environment) as DriverPorts[Kind];
}
