import type { DriverEnvironment } from '../drivers/contract.ts';
import type { Clock } from '../platform/clock.ts';
import type { HostEnvironment } from './backup/configured-keys.ts';
import type { ConnectDriver } from './connect-driver.ts';

/** With what a server does itself what plans ask of it. */
export interface ServerSurroundings {
  readonly connect: ConnectDriver;
  readonly agents: DriverEnvironment;
  readonly clock: Clock;
  readonly host: HostEnvironment;
}
