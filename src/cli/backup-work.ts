/** What a command does with the backups of a service: which of them is meant, by which key, and where it is kept. */
import type { Command } from 'commander';
import type { BackupChoice } from '../config/system-config.ts';
import { scopeOf } from '../core/model/ids.ts';
import type { KeptWork } from '../engine/backup/kept-backups.ts';
import { openDeclared } from '../engine/backup/open-declared.ts';
import { createStateDirectory } from '../platform/state-directory.ts';
import { stateDirectoryOf, type CliSession } from './cli-session.ts';
import { chooseService, loadProject } from './load-project.ts';
import { quoted } from './render/escape-text.ts';
import { usageError } from './usage-error.ts';

export interface BackupOptions {
  readonly service?: string;
  readonly environment?: string;
}

export interface MeantBackup {
  readonly work: KeptWork;
  readonly choice: BackupChoice;
  /** `production/newsroom/media`. */
  readonly source: string;
}

/** Says which service's. `isOfOne`: the argument is a backup's id, and the name an option. */
export function ofService(command: Command, isOfOne = false): Command {
  const named = isOfOne
    ? command.option('--name <name>', 'which of its backups; needed when there are several')
    : command;
  return named
    .option('--service <name>', 'needed when there are several')
    .option('--environment <name>', 'the environment whose variables are meant');
}

/** `wanted`: by its name; the only one without. */
export async function meantBackup(
  session: CliSession,
  options: BackupOptions,
  wanted: string | undefined,
): Promise<MeantBackup> {
  const loaded = await loadProject(session, options.environment);
  const { name: serviceName, service } = chooseService(loaded.config, options.service);
  const backups = service.backups ?? {};
  const names = Object.keys(backups);
  const name = wanted ?? (names.length === 1 ? names[0] : undefined);
  if (names.length === 0) {
    throw usageError(
      `${serviceName} declares no backups; services.${serviceName}.backups says which.`,
    );
  }
  if (name === undefined) throw usageError(`Say which backup: ${names.join(', ')}.`);
  const choice = Object.hasOwn(backups, name) ? backups[name] : undefined;
  if (!choice)
    throw usageError(`There is no backup ${quoted(name)}; declared are: ${names.join(', ')}.`);
  const directory = stateDirectoryOf(session);
  await createStateDirectory(directory);
  const { clock, connect, env: host } = session.environment;
  const agents = { stateDirectory: directory.root };
  const { work, key, notCleared } = await openDeclared(
    { connect, agents, clock, host },
    { ...choice, place: loaded.config.backupStore ?? null },
    session.signal,
  );
  if (key.isNew) {
    session.output.progress(
      `A key for backups was made: ${key.path}. Keep a copy of it elsewhere: without it no backup can be used.`,
    );
  }
  for (const why of notCleared) {
    session.output.progress(`What was left by one that was killed is there yet: ${why}`);
  }
  return { choice, work, source: `${scopeOf(loaded.environment, serviceName)}/${name}` };
}
