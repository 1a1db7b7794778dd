/** Which backups of a service are taken whether anything is deployed or not; each may be as old as the time between two. */
import type { PlannedService } from '../plan/plan.ts';
import type { PlannedBackup } from './planned-backup.ts';

export function scheduledBackups({
  backups = [],
}: Pick<PlannedService, 'backups'>): readonly PlannedBackup[] {
  return backups.flatMap(({ isOwn: _isOwn, ...backup }) =>
    backup.everyMs === undefined ? [] : [{ ...backup, ageMs: backup.everyMs }],
  );
}
