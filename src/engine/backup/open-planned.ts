/** A backup as a plan demands it, ready to be worked with: its driver, its store and keys, and which of its source will do. */
import type { PlannedBackup } from '../../core/backup/planned-backup.ts';
import type { Scope } from '../../core/model/ids.ts';
import type { ServerSurroundings } from '../server-surroundings.ts';
import type { KeptWork } from './kept-backups.ts';
import { openDeclared } from './open-declared.ts';
import type { ProbeRestored } from './probe-restored.ts';
import { unpackedBackup } from './pack-config.ts';
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

export type OpenPlanned = (of: PlannedOf) => Promise<{
  readonly work: KeptWork;
  readonly wanted: BackupWanted;
  readonly probe: ProbeRestored | null;
}>;

export function openPlannedIn(surroundings: ServerSurroundings): OpenPlanned {
  return async (of) => {
    const { backup, packed, signal } = of;
    const declared = { driver: backup.driver, ...unpackedBackup(packed) };
    const { work, probe } = await openDeclared(surroundings, declared, signal);
    return { work, wanted: wantedOf(of), probe };
  };
}

export function wantedOf({ scope, backup, by }: PlannedOf): BackupWanted {
  const { name, ageMs: ageMaxMs, isOwn = false } = backup;
  return { source: `${scope}/${name}`, ageMaxMs, by, isOwn };
}
