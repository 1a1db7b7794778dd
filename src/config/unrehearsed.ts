import type { ConfigPath } from './config-problem.ts';
import { isMapping, valueAt, type ConfigValue } from './config-tree.ts';

export interface Unrehearsed {
  readonly path: ConfigPath;
  readonly message: string;
}

/** What a PostgreSQL server is restored by, or may be. */
const POSTGRES = ['pg-base', 'pg-dump', 'command'];

/** Migrations are rehearsed on a backup, which must be one that is declared, and of a PostgreSQL. `at`: of the service. */
export function unrehearsed(value: ConfigValue, at: ConfigPath): readonly Unrehearsed[] {
  const database = valueAt(value, [...at, 'database']);
  const declared = valueAt(value, [...at, 'backups']);
  const names = isMapping(declared) ? Object.keys(declared) : [];
  if (!isMapping(database)) return [];
  const { backup, migrations } = database;
  const driverOf = (name: string): unknown => valueAt(declared, [name, 'driver']);
  const isMeant = (name: string): boolean => POSTGRES.includes(String(driverOf(name)));
  if (typeof backup === 'string') {
    const path = [...at, 'database', 'backup'];
    if (!names.includes(backup)) {
      const known = names.length > 0 ? `declared are: ${names.join(', ')}` : 'none is declared';
      return [{ path, message: `there is no backup "${backup}"; ${known}` }];
    }
    if (typeof driverOf(backup) !== 'string' || isMeant(backup)) return [];
    const message = `is no backup of a PostgreSQL, but of ${String(driverOf(backup))}; name one of ${POSTGRES.join(', ')}`;
    return [{ path, message }];
  }
  if (backup !== undefined || migrations === undefined) return [];
  const fitting = names.filter(isMeant);
  if (names.length === 1 && fitting.length === 1) return [];
  const remedies: Readonly<Record<string, string>> = {
    0: `none of a PostgreSQL is declared: add one to backups, by ${POSTGRES.join(', ')}`,
    1: `say database.backup: ${fitting.join(', ')}`,
  };
  const remedy =
    remedies[fitting.length] ?? `say with database.backup which of ${fitting.join(', ')}`;
  const message = `migrations are rehearsed on a restored backup; ${remedy}`;
  return [{ path: [...at, 'database', 'migrations'], message }];
}
