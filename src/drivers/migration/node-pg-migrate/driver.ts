/** Migrations as node-pg-migrate takes them, recorded where it looks: either may carry on from the other. */
import { z } from 'zod';
import { applyMigrations } from '../../../platform/apply-migrations.ts';
import { schemasNamed, tableNamed } from '../../../platform/table-named.ts';
import { appliedMigrations, type MigrationRecord } from '../../../platform/migration-record.ts';
import type { Driver, Migrator } from '../../contract.ts';
import { pgmigrationsRecord } from './pgmigrations-record.ts';
import { readFolder } from './read-folder.ts';

const config = z.strictObject({
  table: tableNamed('pgmigrations').describe(
    "node-pg-migrate's own: what it is told as `migrations-table`, behind the `migrations-schema` where it is told one.",
  ),
  schema: schemasNamed()
    .prefault(['public'])
    .describe('What node-pg-migrate is told as `schema`: where names without one are looked for.'),
  digests: tableNamed('surefoot_migrations').describe(
    'Where the digest is kept of each that Surefoot has applied; made when it is missing.',
  ),
});

type Config = z.output<typeof config>;

export const nodePgMigrateMigration: Driver<'migration', Config> = {
  ...{ kind: 'migration', id: 'node-pg-migrate', config, capabilities: new Set() },
  summary: 'Files of node-pg-migrate, carried on from its own table, for PostgreSQL.',
  connect({ table, schema, digests }): Migrator {
    const place = table.includes('.') ? table : `${schema[0] ?? 'public'}.${table}`;
    const tool = pgmigrationsRecord(place, schema);
    const record: MigrationRecord = { table: digests, recordedAs, tool };
    return {
      files: (folder, { signal }) => readFolder(folder, { schema, signal }),
      recordedAs,
      applied: (url) => appliedMigrations(url, record),
      apply: (url, migrations, limits, { signal }) =>
        applyMigrations(url, migrations, { record, limits, signal }),
    };
  },
};

/** Without its extension. */
function recordedAs(name: string): string {
  return name.replace(/(?<=.)\.[^.]*$/, '');
}
