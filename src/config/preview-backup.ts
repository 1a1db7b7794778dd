import type { CheckConflict } from './check-conflicts.ts';
import type { ConfigPath } from './config-problem.ts';
import type { ConfigValue } from './config-tree.ts';
import { namedBackup } from './named-backup.ts';

/** Those that bring back a database by which it can be asked; others bring back files. */
const DATABASES = ['pg-base', 'pg-dump', 'sqlite'];

/** The backup that a preview's database is restored from. `at`: of the service. */
export function previewBackup(value: ConfigValue, at: ConfigPath): readonly CheckConflict[] {
  const path = [...at, 'validation', 'preview', 'database', 'backup'];
  return namedBackup(value, at, { path, drivers: DATABASES, of: 'a database' });
}
