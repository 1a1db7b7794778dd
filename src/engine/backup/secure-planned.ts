/** Has a backup as a plan demands it, in the server that drives the deployment. */
import { throwUnverifiable } from '../../platform/unverifiable-by.ts';
import type { OpenPlanned, PlannedOf } from './open-planned.ts';
import { pruneBehind } from './prune-backups.ts';
import { secureBackup, type SecuredBackup } from './secure-backup.ts';

export interface PlannedBackupCall extends PlannedOf {
  readonly progress: (text: string) => void;
}

/** Throws what taking and verifying throw, and `backup-unverifiable` for a store or a server that does not answer. */
export type SecurePlanned = (call: PlannedBackupCall) => Promise<SecuredBackup>;

export function securePlannedFrom(open: OpenPlanned): SecurePlanned {
  return (call) => secureNow(open, call).catch(throwUnverifiable);
}

async function secureNow(
  open: OpenPlanned,
  { progress, ...of }: PlannedBackupCall,
): Promise<SecuredBackup> {
  const { work, wanted, probe } = await open(of);
  const { driver, partsMin, keep } = of.backup;
  const secured = await secureBackup(work, { ...wanted, driver, partsMin, probe, progress });
  if (secured.kind === 'taken' && secured.verification.isPassed) {
    await pruneBehind(work, { source: wanted.source, keep }, progress);
  }
  return secured;
}
