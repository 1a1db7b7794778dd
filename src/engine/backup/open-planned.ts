/** A backup as a plan demands it, ready to be worked with: its driver, its store and keys, and which of its source will do. */
import type { PlannedBackup } from '../../core/backup/planned-backup.ts';
import type { Scope } from '../../core/model/ids.ts';
import type { ServerSurroundings } from '../server-surroundings.ts';
import { keptBackups, type KeptWork } from './kept-backups.ts';
import { unpackedConfig, unpackedStore } from './pack-config.ts';
import type { BackupWanted } from './secure-backup.ts';

export interface PlannedOf {
  readonly scope: Scope;
  readonly backup: PlannedBackup;
  /** The deployment's id. */
  readonly by: string;
  /** What belongs to the digest that it names. */
  readonly packed: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export type OpenPlanned = (
  of: PlannedOf,
) => Promise<{ readonly work: KeptWork; readonly wanted: BackupWanted }>;

export function openPlannedIn({ connect, agents, ...given }: ServerSurroundings): OpenPlanned {
  return async (of) => {
    const { backup: planned, packed, signal } = of;
    const config = unpackedConfig(packed);
    const backup = connect('backup', { driver: planned.driver, config }, agents);
    const { work } = await keptBackups(agents.stateDirectory, {
      ...{ ...given, backup, signal },
      place: unpackedStore(packed),
    });
    return { work, wanted: wantedOf(of) };
  };
}

export function wantedOf({ scope, backup, by }: PlannedOf): BackupWanted {
  const { name, ageMs: ageMaxMs, isOwn = false } = backup;
  return { source: `${scope}/${name}`, ageMaxMs, by, isOwn };
}
