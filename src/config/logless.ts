import type { CheckConflict } from './check-conflicts.ts';
import type { ConfigPath } from './config-problem.ts';
import { isMapping, valueAt, type ConfigValue } from './config-tree.ts';

/** Of which a log leads from one backup to the next. */
const LOGGED = ['pg-base'];

/** Only what has a log can have it kept. `at`: of the service. */
export function logless(value: ConfigValue, at: ConfigPath): readonly CheckConflict[] {
  const backups = valueAt(value, [...at, 'backups']);
  if (!isMapping(backups)) return [];
  return Object.entries(backups).flatMap(([name, backup]) => {
    if (!isMapping(backup) || backup['log'] === undefined) return [];
    const { driver } = backup;
    if (typeof driver !== 'string' || LOGGED.includes(driver)) return [];
    const message = `a backup by ${driver} has no log that leads from one to the next; that of ${LOGGED.join(', ')} has: remove it, or use that driver`;
    return [{ path: [...at, 'backups', name, 'log'], message }];
  });
}
