import type { CheckConflict } from './check-conflicts.ts';
import type { ConfigPath } from './config-problem.ts';
import { isMapping, valueAt, type ConfigValue } from './config-tree.ts';
import { namedBackup } from './named-backup.ts';

/** What a PostgreSQL server is restored by, or may be. */
const POSTGRES = ['pg-base', 'pg-dump', 'command'];

/** Migrations are rehearsed on a backup, which must be one that is declared, and of a PostgreSQL. `at`: of the service. */
export function unrehearsed(value: ConfigValue, at: ConfigPath): readonly CheckConflict[] {
  const database = valueAt(value, [...at, 'database']);
  if (!isMapping(database)) return [];
  if (database['backup'] !== undefined) {
    const path = [...at, 'database', 'backup'];
    return namedBackup(value, at, { path, drivers: POSTGRES, of: 'a PostgreSQL' });
  }
  if (database['migrations'] === undefined) return [];
  const declared = valueAt(value, [...at, 'backups']);
  const names = isMapping(declared) ? Object.keys(declared) : [];
  const fitting = names.filter((name) => {
    const driver = valueAt(declared, [name, 'driver']);
    return typeof driver === 'string' && POSTGRES.includes(driver);
  });
  if (names.length === 1 && fitting.length === 1) return [];
  const message = `migrations are rehearsed on a restored backup; ${remedyFor(fitting)}`;
  return [{ path: [...at, 'database', 'migrations'], message }];
}

function remedyFor(fitting: readonly string[]): string {
  const [only, ...others] = fitting;
  if (only === undefined) {
    return `none of a PostgreSQL is declared: add one to backups, by ${POSTGRES.join(', ')}`;
  }
  return others.length === 0
    ? `say database.backup: ${only}`
    : `say with database.backup which of ${fitting.join(', ')}`;
}
