/** A backup as a plan demands it, ready to be worked with: its driver, its store and keys, and which of its source will do. */
import type { PlannedBackup } from '../../core/backup/planned-backup.ts';
import type { Scope } from '../../core/model/ids.ts';
import type { ServerSurroundings } from '../server-surroundings.ts';
import { keptBackups, type KeptWork } from './kept-backups.ts';
import { unpackedConfig } from './pack-config.ts';
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

export async function openPlanned(
  { connect, agents, ...given }: ServerSurroundings,
  { scope, backup: planned, by, packed, signal }: PlannedOf,
): Promise<{ readonly work: KeptWork; readonly wanted: BackupWanted }> {
  const { name, driver, ageMs: ageMaxMs, isOwn = false } = planned;
  const backup = connect('backup', { driver, config: unpackedConfig(packed) }, agents);
  const { work } = await keptBackups(agents.stateDirectory, { ...given, backup, signal });
  return { work, wanted: { source: `${scope}/${name}`, ageMaxMs, by, isOwn } };
}
