/** Migrations as files of SQL, each applied once; a table in the database says which were. */
import { z } from 'zod';
import type { Driver, Migrator } from '../../contract.ts';
import { applied } from './applied.ts';
import { apply } from './apply.ts';

/** An identifier that needs no quotes, with or without a schema. */
const TABLE = /^[a-z_][a-z0-9_]{0,62}(?:\.[a-z_][a-z0-9_]{0,62})?$/;

const config = z.strictObject({
  table: z
    .string()
    .regex(TABLE, { error: 'must be a name such as "surefoot_migrations" or "ops.migrations"' })
    .prefault('surefoot_migrations')
    .describe('Where it is kept which were applied; made when it is missing.'),
});

type Config = z.output<typeof config>;

export const sqlMigration: Driver<'migration', Config> = {
  ...{ kind: 'migration', id: 'sql', config, capabilities: new Set() },
  summary: 'Files of SQL in the order of their names, for PostgreSQL.',
  connect: ({ table }): Migrator => ({
    applied: (url) => applied(url, table),
    apply: (url, migrations, limits, { signal }) =>
      apply(url, migrations, { table, limits, signal }),
  }),
};
