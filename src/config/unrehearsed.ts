import type { ConfigPath } from './config-problem.ts';
import { isMapping, valueAt, type ConfigValue } from './config-tree.ts';

export interface Unrehearsed {
  readonly path: ConfigPath;
  readonly message: string;
}

/** Migrations are rehearsed on a backup, which must be one that is declared. `at`: of the service. */
export function unrehearsed(value: ConfigValue, at: ConfigPath): readonly Unrehearsed[] {
  const database = valueAt(value, [...at, 'database']);
  const declared = valueAt(value, [...at, 'backups']);
  const names = isMapping(declared) ? Object.keys(declared) : [];
  if (!isMapping(database)) return [];
  const { backup, migrations } = database;
  if (typeof backup === 'string' && !names.includes(backup)) {
    const known = names.length > 0 ? `declared are: ${names.join(', ')}` : 'none is declared';
    const message = `there is no backup "${backup}"; ${known}`;
    return [{ path: [...at, 'database', 'backup'], message }];
  }
  if (backup !== undefined || migrations === undefined || names.length === 1) return [];
  const remedy =
    names.length === 0
      ? 'none is declared: add one to backups'
      : `say with database.backup which of ${names.join(', ')}`;
  const message = `migrations are rehearsed on a restored backup; ${remedy}`;
  return [{ path: [...at, 'database', 'migrations'], message }];
}
