/** The database that a service declares, as the server is asked for it. */
import { resolve } from 'node:path';
import type { ServiceRequest } from '../api/contract/deploy-request.ts';
import type { ServiceConfig, ServiceDatabaseConfig } from '../config/system-config.ts';

export function databaseRequestOf(
  { url, variable, backup, migrations, invariants, changing }: ServiceDatabaseConfig,
  of: {
    readonly backups: ServiceConfig['backups'];
    readonly folder: string;
    readonly version: string;
  },
): NonNullable<ServiceRequest['database']> {
  const names = Object.keys(of.backups ?? {});
  return {
    ...{ url, variable },
    backup: backup ?? (names.length === 1 ? (names[0] ?? null) : null),
    migrations: migrations
      ? {
          driver: migrations.driver,
          // The driver's schema has validated it.
          config: { ...(migrations.config as object) },
          folder: resolve(of.folder, migrations.path.replaceAll('{version}', of.version)),
          ...{ lockMs: migrations.lockTimeout, blockedMs: migrations.blocked },
          ...{ rowsLost: migrations.rowsLost, timeBoxMs: migrations.timeBox },
          env: { ...migrations.env },
        }
      : null,
    ...(changing.length > 0 && { changing }),
    invariants: Object.entries(invariants).map(([name, query]) => ({ name, query })),
  };
}
