/** The driver that a configuration or a plan names, of those that the composition root has. */
import { operationalError } from '../core/operational-error.ts';
import type { Driver, DriverKind } from '../drivers/contract.ts';

/** Throws `config-invalid`. */
export function findDriver(drivers: readonly Driver[], kind: DriverKind, id: string): Driver {
  const driver = drivers.find((candidate) => candidate.kind === kind && candidate.id === id);
  if (driver) return driver;
  throw operationalError('config-invalid', `This Surefoot has no ${kind} driver "${id}".`);
}
