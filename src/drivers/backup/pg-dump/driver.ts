/** One PostgreSQL database, by PostgreSQL's own pg_dump and pg_restore. */
import { z } from 'zod';
import { absolutePath } from '../../../core/model/absolute-path.ts';
import { postgresUrl } from '../../../core/model/postgres-url.ts';
import type { Backup, Driver } from '../../contract.ts';
import { restoreDump } from './restore-dump.ts';
import { switchDump } from './switch-dump.ts';
import { takeDump } from './take-dump.ts';

const config = z.strictObject({
  url: postgresUrl.describe(
    'The database, as a user who may read all of it. Best a variable: `${DATABASE_URL}`.',
  ),
  programs: absolutePath
    .optional()
    .describe(
      "Folder with pg_dump, pg_restore, initdb and postgres of the server's version. Without it: those of the system's packages.",
    ),
});

type Config = z.output<typeof config>;

export const pgDumpBackup: Driver<'backup', Config> = {
  ...{ kind: 'backup', id: 'pg-dump', config },
  summary: 'One PostgreSQL database, wherever its server is, by pg_dump.',
  capabilities: new Set(),
  connect: ({ url, programs = null }, { stateDirectory }): Backup => ({
    take: ({ signal }) => takeDump(url, { programs, stateDirectory, signal }),
    restore: (content, { signal }) => restoreDump(content, { programs, stateDirectory, signal }),
    switching: switchDump({ url, programs, stateDirectory }),
  }),
};
