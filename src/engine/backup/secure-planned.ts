/** Has a backup as a plan demands it, in the server that drives the deployment. */
import type { OpenPlanned, PlannedOf } from './open-planned.ts';
import { pruneBehind } from './prune-backups.ts';
import { secureBackup, type SecuredBackup } from './secure-backup.ts';

export interface PlannedBackupCall extends PlannedOf {
  readonly progress: (text: string) => void;
}

export type SecurePlanned = (call: PlannedBackupCall) => Promise<SecuredBackup>;

export function securePlannedFrom(open: OpenPlanned): SecurePlanned {
  return async ({ progress, ...of }) => {
    const { work, wanted } = await open(of);
    const { driver, partsMin, keep } = of.backup;
    const secured = await secureBackup(work, { ...wanted, driver, partsMin, progress });
    if (secured.kind === 'taken' && secured.verification.isPassed) {
      await pruneBehind(work, { source: wanted.source, keep }, progress);
    }
    return secured;
  };
}
