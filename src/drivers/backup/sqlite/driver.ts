/** A SQLite database, by SQLite's own online backup; needs no other program. */
import { z } from 'zod';
import { absolutePath } from '../../../core/model/absolute-path.ts';
import type { Backup, Driver } from '../../contract.ts';
import { restoreSqlite } from './restore-sqlite.ts';
import { switchSqlite } from './switch-sqlite.ts';
import { takeSqlite } from './take-sqlite.ts';

const config = z.strictObject({
  path: absolutePath.describe(
    'The file of the database. What lies beside it (-wal, -shm, -journal) is read by SQLite itself.',
  ),
});

type Config = z.output<typeof config>;

export const sqliteBackup: Driver<'backup', Config> = {
  ...{ kind: 'backup', id: 'sqlite', summary: 'A SQLite database, while it is written.', config },
  capabilities: new Set(),
  connect: ({ path }, { stateDirectory }): Backup => ({
    take: ({ signal }) => takeSqlite(path, { stateDirectory, signal }),
    restore: (content, { signal }) => restoreSqlite(content, { stateDirectory, signal }),
    switching: switchSqlite(path),
  }),
};
