/** Migrations as files of SQL, each applied once; a table in the database says which were. */
import { z } from 'zod';
import { markedText } from '../../../core/migration/marked-text.ts';
import type { MigrationFile } from '../../../core/migration/migration-file.ts';
import type { UpPart } from '../../../core/migration/up-part.ts';
import { migrationNames, readSqlFile } from '../../../platform/migration-files.ts';
import { recordedMigrations } from '../../../platform/recorded-migrations.ts';
import type { Driver, Migrator } from '../../contract.ts';
import { tableNamed } from '../../../platform/table-named.ts';

const config = z.strictObject({
  table: tableNamed('surefoot_migrations').describe(
    'Where it is kept which were applied; made when it is missing.',
  ),
});

type Config = z.output<typeof config>;

export const sqlMigration: Driver<'migration', Config> = {
  ...{ kind: 'migration', id: 'sql', config, capabilities: new Set() },
  summary: 'Files of SQL in the order of their names, for PostgreSQL.',
  connect({ table }): Migrator {
    const recorded = recordedMigrations({ table, recordedAs: (name) => name, tool: null });
    return { records: [table], files, ...recorded };
  },
};

async function files(folder: string): Promise<readonly MigrationFile[]> {
  const names = (await migrationNames(folder)).filter((name) => name.endsWith('.sql'));
  const read: MigrationFile[] = [];
  for (const name of names) read.push(await readSqlFile(folder, name, whole));
  return read;
}

/** What takes it back would be run as well. */
function whole(text: string): UpPart {
  const marked = markedText(text);
  if (!marked) return { kind: 'read', text, isTransaction: true };
  const because = `It is written for ${marked.driver}, and would be run with what takes it back. Say driver: ${marked.driver}.`;
  return { kind: 'wrong', because };
}
