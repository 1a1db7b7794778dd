/** A whole PostgreSQL cluster whose data directory is on this machine; needs nothing but the server's own program. */
import { z } from 'zod';
import { absolutePath } from '../../../core/model/absolute-path.ts';
import { postgresUrl } from '../../../core/model/postgres-url.ts';
import type { Backup, Driver } from '../../contract.ts';
import { endWal, openWal } from './open-wal.ts';
import { restoreCluster, restoreClusterAt } from './restore-cluster.ts';
import { takeCluster } from './take-cluster.ts';

const config = z.strictObject({
  url: postgresUrl.describe(
    'One of its databases, as a superuser. Best a variable: `${DATABASE_URL}`.',
  ),
  programs: absolutePath
    .optional()
    .describe(
      'Folder with the programs of its version, to restore it. Without it: those that Surefoot brings, or of the system.',
    ),
});

type Config = z.output<typeof config>;

export const pgBaseBackup: Driver<'backup', Config> = {
  ...{ kind: 'backup', id: 'pg-base', config },
  summary: 'All databases of a PostgreSQL server whose data directory is on this machine.',
  capabilities: new Set(),
  connect: ({ url, programs = null }, { stateDirectory }): Backup => ({
    handsOver: true,
    take: ({ signal }) => takeCluster(url, signal),
    restore: (content, { signal }) =>
      restoreCluster(content, { url, programs, stateDirectory, signal }),
    log: {
      open: (holder) => openWal(url, holder),
      end: (holder) => endWal(url, holder),
      restoreAt: (content, to, { signal }) =>
        restoreClusterAt(content, { ...to, url, programs, stateDirectory, signal }),
    },
  }),
};
