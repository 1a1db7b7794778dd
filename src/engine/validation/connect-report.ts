/** Connects the reader that a check names; the list of drivers comes from the composition root. */
import type { DriverChoice } from '../../config/system-config.ts';
import type { Driver, DriverEnvironment, ReportReader } from '../../drivers/contract.ts';
import { findDriver } from '../find-driver.ts';

export type ConnectReport = (choice: DriverChoice, environment: DriverEnvironment) => ReportReader;

export function connectReportFrom(drivers: readonly Driver[]): ConnectReport {
  return ({ driver, config }, environment) =>
    findDriver(drivers, 'report', driver).connect(config, environment) as ReportReader;
}
