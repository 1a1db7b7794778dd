/** What a command does with the backups of a service: which of them is meant, by which key, and where it is kept. */
import type { Command } from 'commander';
import type { LoadedConfig } from '../config/load.ts';
import type { BackupChoice } from '../config/system-config.ts';
import { scopeOf } from '../core/model/ids.ts';
import type { KeptWork } from '../engine/backup/kept-backups.ts';
import { openDeclared } from '../engine/backup/open-declared.ts';
import type { ProbeRestored } from '../engine/backup/probe-restored.ts';
import { createStateDirectory } from '../platform/state-directory.ts';
import { backupProbeOf } from './backup-probe-of.ts';
import { configPathOf, stateDirectoryOf, type CliSession } from './cli-session.ts';
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
  readonly probe: ProbeRestored | null;
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
  return await opened(session, loaded, { service: serviceName, name, choice });
}

/** All that the service declares, or all services where none is named; never none. */
export async function allBackups(
  session: CliSession,
  options: BackupOptions,
): Promise<readonly MeantBackup[]> {
  const loaded = await loadProject(session, options.environment);
  const { services } = loaded.config;
  const named =
    options.service === undefined ? null : chooseService(loaded.config, options.service);
  const meant = named ? { [named.name]: named.service } : services;
  const declared = Object.entries(meant).flatMap(([service, { backups = {} }]) =>
    Object.entries(backups).map(([name, choice]) => ({ service, name, choice })),
  );
  if (declared.length === 0) {
    const [service = ''] = Object.keys(meant);
    const who = Object.keys(meant).length === 1 ? `${service} declares` : 'The services declare';
    throw usageError(`${who} no backups; services.${service}.backups says which.`);
  }
  const all: MeantBackup[] = [];
  // One behind the other: the first one makes the key, and clears what was left.
  for (const each of declared) all.push(await opened(session, loaded, each));
  return all;
}

async function opened(
  session: CliSession,
  { config, environment, secretValues }: LoadedConfig,
  {
    service,
    name,
    choice,
  }: { readonly service: string; readonly name: string; readonly choice: BackupChoice },
): Promise<MeantBackup> {
  const directory = stateDirectoryOf(session);
  await createStateDirectory(directory);
  const { clock, connect, env: host } = session.environment;
  const agents = { stateDirectory: directory.root };
  const { work, key, notCleared, probe } = await openDeclared(
    { connect, agents, clock, host },
    {
      ...{ driver: choice.driver, config: choice.config, place: config.backupStore ?? null },
      probe: backupProbeOf(choice, { secretValues, configPath: configPathOf(session) }),
    },
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
  return { choice, work, source: `${scopeOf(environment, service)}/${name}`, probe };
}
