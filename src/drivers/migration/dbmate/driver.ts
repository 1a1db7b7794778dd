/** Migrations as dbmate writes them, recorded where dbmate looks: either may carry on from the other. */
import { z } from 'zod';
import { dbmateText } from '../../../core/migration/dbmate-text.ts';
import type { MigrationFile } from '../../../core/migration/migration-file.ts';
import { operationalError } from '../../../core/operational-error.ts';
import { migrationNames, readSqlFile } from '../../../platform/migration-files.ts';
import { schemasNamed, tableNamed, tableOfDigests } from '../../../platform/table-named.ts';
import { recordedMigrations } from '../../../platform/recorded-migrations.ts';
import type { Driver, Migrator } from '../../contract.ts';
import { dbmateRecord } from './dbmate-record.ts';

const config = z.strictObject({
  table: tableNamed('schema_migrations').describe(
    "dbmate's own: what it is told as `--migrations-table`.",
  ),
  schema: schemasNamed()
    .exactOptional()
    .describe('What dbmate is told as `search_path` in its URL.'),
  digests: tableOfDigests(),
});

type Config = z.output<typeof config>;

export const dbmateMigration: Driver<'migration', Config> = {
  ...{ kind: 'migration', id: 'dbmate', config, capabilities: new Set() },
  summary: 'Files of dbmate, carried on from its own table, for PostgreSQL.',
  connect({ table, schema, digests }): Migrator {
    const tool = dbmateRecord(table, schema);
    const recorded = recordedMigrations({ table: digests, recordedAs, tool });
    return {
      ...{ records: [table, digests], files, recordedAs },
      async applied(url) {
        refuseSearchPath(url, schema);
        return recorded.applied(url);
      },
      async apply(url, ...given) {
        refuseSearchPath(url, schema);
        return recorded.apply(url, ...given);
      },
    };
  },
};

/** The number that it begins with. */
function recordedAs(name: string): string {
  return /^\d+/.exec(name)?.[0] ?? name;
}

/** dbmate passes over all that begins with no number. */
async function files(folder: string): Promise<readonly MigrationFile[]> {
  const names = (await migrationNames(folder)).filter((name) => /^\d+.*\.sql$/.test(name));
  const read: MigrationFile[] = [];
  for (const name of names) read.push(await readSqlFile(folder, name, dbmateText));
  return read;
}

/** What is rehearsed has another URL, and would look elsewhere. */
function refuseSearchPath(url: string, schema: readonly string[] | undefined): void {
  if (schema || !new URL(url).searchParams.has('search_path')) return;
  const message =
    'The URL has a search_path, as dbmate knows it. Say it as `schema` of the migrations as well.';
  throw operationalError('migration-refused', message);
}
