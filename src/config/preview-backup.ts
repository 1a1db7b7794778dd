import type { CheckConflict } from './check-conflicts.ts';
import type { ConfigPath } from './config-problem.ts';
import { isMapping, valueAt, type ConfigValue } from './config-tree.ts';
import { suggest } from './suggest.ts';

/** Those that bring back a database by which it can be asked; others bring back files. */
const DATABASES = ['pg-base', 'pg-dump', 'sqlite'];

/** The backup that a preview's database is restored from must be declared, and be one of a database. `at`: of the service. */
export function previewBackup(value: ConfigValue, at: ConfigPath): readonly CheckConflict[] {
  const path = [...at, 'validation', 'preview', 'database', 'backup'];
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
  if (typeof driver !== 'string' || DATABASES.includes(driver)) return [];
  const message = `is no backup of a database, but of ${driver}; name one of ${DATABASES.join(', ')}`;
  return [{ path, message }];
}
