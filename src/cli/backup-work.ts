/** What a command does with the backups of a service: which of them is meant, by which key, and where it is kept. */
import { join } from 'node:path';
import type { BackupChoice } from '../config/system-config.ts';
import { keptKey } from '../engine/backup/kept-key.ts';
import type { BackupWork } from '../engine/backup/take-backup.ts';
import { folderBlobs } from '../platform/folder-blobs.ts';
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
  readonly work: BackupWork;
  readonly choice: BackupChoice;
  /** `production/newsroom/media`. */
  readonly source: string;
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
  const { ring, path, isNew } = await keptKey(directory.root);
  if (isNew) {
    session.output.progress(
      `A key for backups was made: ${path}. Keep a copy of it elsewhere: without it no backup can be used.`,
    );
  }
  const { clock, connectBackup } = session.environment;
  const agents = { stateDirectory: directory.root };
  return {
    ...{ choice, source: `${loaded.environment}/${serviceName}/${name}` },
    work: {
      ...{ backup: connectBackup(choice, agents), ring, clock, signal: session.signal },
      store: folderBlobs(join(directory.root, 'backups')),
    },
  };
}
