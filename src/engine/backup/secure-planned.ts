/** Has a backup as a plan demands it, in the server that drives the deployment. */
import type { PlannedBackup } from '../../core/backup/planned-backup.ts';
import type { Scope } from '../../core/model/ids.ts';
import type { DriverEnvironment } from '../../drivers/contract.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ConnectDriver } from '../connect-driver.ts';
import type { HostEnvironment } from './configured-keys.ts';
import { keptBackups } from './kept-backups.ts';
import { unpackedConfig } from './pack-config.ts';
import { pruneBehind } from './prune-backups.ts';
import { secureBackup, type SecuredBackup } from './secure-backup.ts';

export interface PlannedBackupCall {
  readonly scope: Scope;
  readonly backup: PlannedBackup;
  /** The deployment's id. */
  readonly by: string;
  /** What belongs to the digest that it names. */
  readonly packed: Readonly<Record<string, string>>;
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

export type SecurePlanned = (call: PlannedBackupCall) => Promise<SecuredBackup>;

export function securePlannedFrom(given: {
  readonly connectBackup: ConnectDriver<'backup'>;
  readonly agents: DriverEnvironment;
  readonly clock: Clock;
  readonly host: HostEnvironment;
}): SecurePlanned {
  const { connectBackup, agents, clock, host } = given;
  return async ({ scope, backup: planned, by, packed, progress, signal }) => {
    const { name, driver, ageMs: ageMaxMs, partsMin, isOwn = false, keep } = planned;
    const backup = connectBackup({ driver, config: unpackedConfig(packed) }, agents);
    const { work } = await keptBackups(agents.stateDirectory, { backup, clock, signal, host });
    const source = `${scope}/${name}`;
    const secured = await secureBackup(work, {
      ...{ source, driver, ageMaxMs, partsMin, by, isOwn, progress },
    });
    if (secured.kind === 'taken' && secured.verification.isPassed) {
      await pruneBehind(work, { source, keep }, progress);
    }
    return secured;
  };
}
