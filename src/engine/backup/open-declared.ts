/** What a backup is declared as, ready to be worked with: its driver connected, in the store that keeps it. */
import type { S3Place } from '../../core/backup/s3-place.ts';
import type { DriverChoice } from '../../config/system-config.ts';
import type { ServerSurroundings } from '../server-surroundings.ts';
import { keptBackups, type KeptBackups } from './kept-backups.ts';

export interface DeclaredBackup extends DriverChoice {
  /** Where it is kept; null: in the state directory. */
  readonly place: S3Place | null;
}

export function openDeclared(
  { connect, agents, clock, host }: ServerSurroundings,
  { place, ...choice }: DeclaredBackup,
  signal: AbortSignal,
): Promise<KeptBackups> {
  const backup = connect('backup', choice, agents);
  return keptBackups(agents.stateDirectory, { backup, clock, host, signal, place });
}
