import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { migrationStates, type KnownMigration } from '../../core/migration/migration-states.ts';
import { readMigrations } from '../../engine/migration/read-migrations.ts';
import { configPathOf, type CliSession, type Perform } from '../cli-session.ts';
import { exitCode } from '../exit-code.ts';
import { chooseService, loadProject } from '../load-project.ts';
import { escapeText, jsonLine } from '../render/escape-text.ts';
import { tableLines } from '../render/table.ts';
import { usageError } from '../usage-error.ts';

interface StatusOptions {
  readonly service?: string;
  readonly environment?: string;
  readonly release?: string;
}

/** Asks the database of a service which of its migrations were applied. Needs no server, and changes nothing. */
export function registerMigrationsStatus(migrations: Command, perform: Perform): void {
  perform<StatusOptions>(
    migrations
      .command('status')
      .option('--service <name>', 'needed when there are several')
      .option('--environment <name>', 'the environment whose variables are meant')
      .option('--release <version>', 'needed where the folder of migrations names it')
      .description('ask the database which migrations were applied, and what is due'),
    async (session, options) => {
      const states = await statesOf(session, options);
      const { flags, output } = session;
      if (flags.json) output.result(jsonLine({ migrations: states }));
      else output.result(...statusLines(states, output.columns));
      const isWrong = states.some(({ state }) => state === 'EDITED' || state === 'OPEN');
      return isWrong ? exitCode.reverted : exitCode.done;
    },
  );
}

async function statesOf(
  session: CliSession,
  { service: wanted, environment, release }: StatusOptions,
): Promise<readonly KnownMigration[]> {
  const loaded = await loadProject(session, environment);
  const { name, service } = chooseService(loaded.config, wanted);
  const { url, migrations } = service.database ?? {};
  if (url === undefined || !migrations) {
    throw usageError(
      `${name} declares no migrations; services.${name}.database.migrations says where they are.`,
    );
  }
  if (migrations.path.includes('{version}') && release === undefined) {
    throw usageError(`The folder of migrations is ${migrations.path}: say --release.`);
  }
  const folder = dirname(configPathOf(session));
  const path = migrations.path.replaceAll('{version}', release ?? '');
  const migrator = session.environment.connect('migration', migrations, {
    stateDirectory: '',
  });
  const read = await readMigrations(migrator, resolve(folder, path), session.signal);
  const files = read.map(({ judged }) => judged);
  return migrationStates({ files, applied: await migrator.applied(url, session) });
}

function statusLines(states: readonly KnownMigration[], columns: number): string[] {
  if (states.length === 0) return ['There are no migrations.'];
  const rows = states.map(({ name, state }) => [escapeText(name), state]);
  return tableLines({ header: ['MIGRATION', 'STATE'], rows, columns });
}
