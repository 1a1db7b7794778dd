/** What a backup is declared as, ready to be worked with: its driver connected, in the store that keeps it. */
import type { BackupProbe } from '../../core/backup/backup-probe.ts';
import type { S3Place } from '../../core/backup/s3-place.ts';
import type { DriverChoice } from '../../config/system-config.ts';
import type { ServerSurroundings } from '../server-surroundings.ts';
import { keptBackups, type KeptBackups } from './kept-backups.ts';
import { probesRestored, type ProbeRestored } from './probe-restored.ts';

export interface DeclaredBackup extends DriverChoice {
  /** Where it is kept; null: in the state directory. */
  readonly place: S3Place | null;
  /** What asks what was restored of it; null: nobody. */
  readonly probe: BackupProbe | null;
}

export interface OpenDeclared extends KeptBackups {
  readonly probe: ProbeRestored | null;
}

export async function openDeclared(
  { connect, agents, clock, host }: ServerSurroundings,
  { place, probe, ...choice }: DeclaredBackup,
  signal: AbortSignal,
): Promise<OpenDeclared> {
  const backup = connect('backup', choice, agents);
  const around = { host, clock, signal };
  return {
    ...(await keptBackups(agents.stateDirectory, { backup, place, ...around })),
    probe: probe && probesRestored(probe, { config: choice.config, ...around }),
  };
}
