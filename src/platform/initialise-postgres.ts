/** Creates PostgreSQL's data directory: whole or, after a kill half-way, not at all. */
import {
  chown,
  mkdir,
  mkdtemp,
  open,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { operationalError } from '../core/operational-error.ts';
import { POSTGRES_ENVIRONMENT, type PostgresBinaries } from './postgres-binaries.ts';
import { POSTGRES_USER } from './postgres-connection.ts';
import type { PostgresPlace } from './postgres-place.ts';
import { runProgram } from './run-program.ts';

const PREFIX = 'init-';

export async function isPostgresInitialised(place: PostgresPlace): Promise<boolean> {
  try {
    return (await stat(place.dataDirectory)).isDirectory();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Works in a folder beside the data and renames it in the end; what an earlier try left is removed.
 * The caller holds the state directory's PostgreSQL lock.
 */
export async function initialisePostgres(
  place: PostgresPlace,
  binaries: PostgresBinaries,
): Promise<void> {
  await removeLeftovers(place);
  const work = await mkdtemp(join(place.root, PREFIX));
  const data = join(work, 'data');
  const passwordFile = join(work, 'password');
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, place.password, { mode: 0o600 });
  if (place.account) {
    for (const path of [work, data, passwordFile]) {
      await chown(path, place.account.uid, place.account.gid);
    }
  }
  const { ok, output } = await runProgram({
    command: binaries.initdb,
    args: initdbArguments(data, passwordFile),
    cwd: work,
    env: POSTGRES_ENVIRONMENT,
    account: place.account,
  });
  if (!ok) {
    await rm(work, { recursive: true, force: true });
    throw operationalError(
      'process-not-started',
      `PostgreSQL's data could not be created in ${place.root}: ${output.trim()}`,
    );
  }
  await rename(data, place.dataDirectory);
  await syncFolder(place.root);
  await rm(work, { recursive: true, force: true });
}

function initdbArguments(data: string, passwordFile: string): readonly string[] {
  return [
    `--pgdata=${data}`,
    `--username=${POSTGRES_USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
  ];
}

async function removeLeftovers(place: PostgresPlace): Promise<void> {
  for (const name of await readdir(place.root)) {
    if (!name.startsWith(PREFIX)) continue;
    // An initdb that outlived its Surefoot may still be writing there.
    await rm(join(place.root, name), {
      recursive: true,
      force: true,
      maxRetries: 20,
      retryDelay: 50,
    });
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
