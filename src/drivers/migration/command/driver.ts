/** Migrations that a program of the author's applies, and says which were. What it does is known when it has done it. */
import { appliedMigrations } from '../../../platform/migration-record.ts';
import type { Driver, Migrator } from '../../contract.ts';
import { applyByCommand, recordByCommand } from './apply-by-command.ts';
import { commandConfig as config, type CommandConfig } from './config.ts';
import { readUnjudged } from './read-unjudged.ts';

export const commandMigration: Driver<'migration', CommandConfig> = {
  ...{ kind: 'migration', id: 'command', config, capabilities: new Set() },
  summary: 'What your own program applies to PostgreSQL.',
  connect: (given): Migrator => ({
    records: [given.digests],
    files: (folder) => readUnjudged(folder, given),
    recordedAs: (name) => name,
    applied: (url, { signal }) => appliedMigrations(url, recordByCommand(given, { url, signal })),
    apply: (url, migrations, limits, { signal }) =>
      applyByCommand(migrations, given, { url, limits, signal }),
  }),
};
