/** Which backups are taken whether anything is deployed or not: what the deploy that was promoted last has declared. */
import type { Plan, PlannedService } from '../plan/plan.ts';
import type { PlannedBackup } from './planned-backup.ts';

/**
 * `promoted`: newest first. What is gone back to has not declared less of it: its data are the same. Each may be as old as the
 * time between two.
 */
export function scheduledBackups(
  promoted: readonly Plan[],
  scope: PlannedService['scope'],
): readonly PlannedBackup[] {
  const deploys = promoted.filter(({ kind }) => kind === 'deploy');
  const [service] = deploys.flatMap(({ services }) =>
    services.filter((planned) => planned.scope === scope),
  );
  return (service?.backups ?? []).flatMap(({ isOwn: _isOwn, ...backup }) =>
    backup.everyMs === undefined ? [] : [{ ...backup, ageMs: backup.everyMs }],
  );
}
