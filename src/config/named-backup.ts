import type { CheckConflict } from './check-conflicts.ts';
import type { ConfigPath } from './config-problem.ts';
import { isMapping, valueAt, type ConfigValue } from './config-tree.ts';
import { suggest } from './suggest.ts';

/** A backup that is named at `path` to be restored must be declared, and by one of these drivers. `at`: of the service. */
export function namedBackup(
  value: ConfigValue,
  at: ConfigPath,
  {
    path,
    drivers,
    of,
  }: {
    readonly path: ConfigPath;
    readonly drivers: readonly string[];
    /** What they are backups of: `a PostgreSQL`. */
    readonly of: string;
  },
): readonly CheckConflict[] {
  const name = valueAt(value, path);
  if (typeof name !== 'string') return [];
  const declared = valueAt(value, [...at, 'backups']);
  const names = isMapping(declared) ? Object.keys(declared) : [];
  if (!names.includes(name)) {
    const known = names.length > 0 ? `declared are: ${names.join(', ')}` : 'none is declared';
    const suggestion = suggest(name, names);
    const message = `there is no backup "${name}" to restore; ${known}`;
    return [{ path, message, ...(suggestion !== undefined && { suggestion }) }];
  }
  const driver = valueAt(declared, [name, 'driver']);
  if (typeof driver !== 'string' || drivers.includes(driver)) return [];
  const message = `is no backup of ${of}, but of ${driver}; name one of ${drivers.join(', ')}`;
  return [{ path, message }];
}
