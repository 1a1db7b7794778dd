/** Migrations as node-pg-migrate takes them, recorded where it looks: either may carry on from the other. */
import { z } from 'zod';
import { schemasNamed, tableNamed, tableOfDigests } from '../../../platform/table-named.ts';
import { recordedMigrations } from '../../../platform/recorded-migrations.ts';
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
  digests: tableOfDigests(),
});

type Config = z.output<typeof config>;

export const nodePgMigrateMigration: Driver<'migration', Config> = {
  ...{ kind: 'migration', id: 'node-pg-migrate', config, capabilities: new Set() },
  summary: 'Files of node-pg-migrate, carried on from its own table, for PostgreSQL.',
  connect({ table, schema, digests }): Migrator {
    const place = table.includes('.') ? table : `${schema[0] ?? 'public'}.${table}`;
    const tool = pgmigrationsRecord(place, schema);
    return {
      records: [place, digests],
      files: (folder, { signal }) => readFolder(folder, { schema, signal }),
      ...recordedMigrations({ table: digests, recordedAs, tool }),
    };
  },
};

/** Without its extension. */
function recordedAs(name: string): string {
  return name.replace(/(?<=.)\.[^.]*$/, '');
}
