/** Keeps the log of what a plan backs up, in the server that drives. */
import { throwUnverifiable } from '../../platform/unverifiable-by.ts';
import { copyLog, type CopiedLog } from './copy-log.ts';
import type { OpenPlanned, PlannedOf } from './open-planned.ts';

/** Throws what keeping it throws, and `backup-unverifiable` for a store or a server that does not answer. */
export type CopyPlannedLog = (of: PlannedOf) => Promise<CopiedLog>;

export function copyPlannedLogFrom(open: OpenPlanned): CopyPlannedLog {
  return async (of) => {
    try {
      const { work, wanted } = await open(of);
      return await copyLog(work, { source: wanted.source, driver: of.backup.driver });
    } catch (error) {
      return throwUnverifiable(error);
    }
  };
}
