/** Connects the reader that a check names; the list of drivers comes from the composition root. */
import type { DriverChoice } from '../../config/system-config.ts';
import { operationalError } from '../../core/operational-error.ts';
import type { Driver, ReportReader } from '../../drivers/contract.ts';

export function connectReportFrom(
  drivers: readonly Driver[],
): (choice: DriverChoice) => ReportReader {
  return ({ driver: id, config }) => {
    const driver = drivers.find((each) => each.kind === 'report' && each.id === id);
    if (!driver) {
      throw operationalError('config-invalid', `This Surefoot has no report driver "${id}".`);
    }
    return driver.connect(config, { stateDirectory: '' }) as ReportReader;
  };
}
