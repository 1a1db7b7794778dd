import { dirname } from 'node:path';
import type { BackupChoice } from '../config/system-config.ts';
import type { BackupProbe } from '../core/backup/backup-probe.ts';

/** What a backup declares under `verify`, ready to be run wherever it is tried out; null where it declares nothing. */
export function backupProbeOf(
  { verify }: BackupChoice,
  of: { readonly secretValues: readonly string[]; readonly configPath: string },
): BackupProbe | null {
  if (!verify) return null;
  const { run, env, timeBox } = verify;
  return {
    ...{ run: [...run], environment: { ...env }, timeBoxMs: timeBox },
    ...{ directory: dirname(of.configPath), secretValues: [...of.secretValues] },
  };
}
