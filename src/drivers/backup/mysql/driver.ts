/** One MariaDB database, by MariaDB's own mariadb-dump and a server of its own to restore it in. */
import { z } from 'zod';
import { absolutePath } from '../../../core/model/absolute-path.ts';
import { mysqlUrl } from '../../../core/model/mysql-url.ts';
import type { Backup, Driver } from '../../contract.ts';
import { restoreMysql } from './restore-mysql.ts';
import { takeMysql } from './take-mysql.ts';

const config = z.strictObject({
  url: mysqlUrl.describe(
    'The database, as a user who may read all of it: `mysql://user:password@host/database`, with `?socketPath=` for a socket of this machine. Best a variable: `${DATABASE_URL}`.',
  ),
  programs: absolutePath
    .optional()
    .describe(
      "Folder with mariadb-dump, mariadb and mariadbd of the server's version. Without it: those of the system's packages.",
    ),
});

type Config = z.output<typeof config>;

export const mysqlBackup: Driver<'backup', Config> = {
  ...{ kind: 'backup', id: 'mysql', config },
  summary: 'One MariaDB database, wherever its server is, by mariadb-dump.',
  capabilities: new Set(),
  connect: ({ url, programs = null }, { stateDirectory }): Backup => ({
    take: ({ signal }) => takeMysql(url, { programs, stateDirectory, signal }),
    restore: (content, { signal }) => restoreMysql(content, { programs, stateDirectory, signal }),
  }),
};
