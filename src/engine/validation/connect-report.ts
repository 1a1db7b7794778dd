/** Connects the reader that a check names, the probes of what it asks, and what is backed up; the list of drivers comes from the composition root. */
import type { DriverChoice } from '../../config/system-config.ts';
import type {
  Backup,
  Driver,
  DriverEnvironment,
  Probe,
  ReportReader,
} from '../../drivers/contract.ts';
import { findDriver } from '../find-driver.ts';

export type ConnectReport = (choice: DriverChoice, environment: DriverEnvironment) => ReportReader;

export function connectReportFrom(drivers: readonly Driver[]): ConnectReport {
  return ({ driver, config }, environment) =>
    findDriver(drivers, 'report', driver).connect(config, environment) as ReportReader;
}

export type ConnectProbe = (choice: DriverChoice, environment: DriverEnvironment) => Probe;

export function connectProbeFrom(drivers: readonly Driver[]): ConnectProbe {
  return ({ driver, config }, environment) =>
    findDriver(drivers, 'probe', driver).connect(config, environment) as Probe;
}

export type ConnectBackup = (choice: DriverChoice, environment: DriverEnvironment) => Backup;

export function connectBackupFrom(drivers: readonly Driver[]): ConnectBackup {
  return ({ driver, config }, environment) =>
    findDriver(drivers, 'backup', driver).connect(config, environment) as Backup;
}
