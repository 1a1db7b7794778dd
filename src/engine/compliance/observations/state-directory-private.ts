/** Whether nobody but its user reads or writes what Surefoot keeps. */
import { lstat } from 'node:fs/promises';
import { isSystemError } from '../../../platform/is-system-error.ts';
import { postgresRecordFile, readPostgresPlace } from '../../../platform/postgres-place.ts';
import type { StateDirectory } from '../../../platform/state-directory.ts';
import { broken, holds, unknown, type Observe } from '../observed-place.ts';

/** PostgreSQL's user may pass through, where it is another. */
const OPEN_FOLDER = 0o067;
const OPEN_FILE = 0o077;

export const stateDirectoryPrivate: Observe = async ({ directory }) => {
  const looked = await Promise.all(
    [...(await foldersOf(directory)), ...filesOf(directory)].map(lookAt),
  );
  const there = looked.flatMap((look) => look ?? []);
  if (there.length === 0) return unknown(`${directory.root} does not exist`);
  const open = there.filter(({ isOpen }) => isOpen);
  if (open.length > 0) return broken(open.map(({ text }) => text).join('; '));
  return holds(`${there.length} folders and files below ${directory.root}, all of one user`);
};

interface Wanted {
  readonly path: string;
  readonly openMask: number;
}

async function foldersOf(directory: StateDirectory): Promise<readonly Wanted[]> {
  const { root, edge, host, logs } = directory;
  const postgres = await readPostgresPlace(directory);
  return [root, edge, host, logs, ...(postgres ? [postgres.root] : [])].map((path) => ({
    path,
    openMask: OPEN_FOLDER,
  }));
}

/** The record holds the password of the database. */
function filesOf(directory: StateDirectory): readonly Wanted[] {
  const paths = [postgresRecordFile(directory), directory.keeperFile];
  return paths.map((path) => ({ path, openMask: OPEN_FILE }));
}

/** Null of what is not there. */
async function lookAt({ path, openMask }: Wanted) {
  try {
    const { mode, uid } = await lstat(path);
    const self = process.getuid?.() ?? 0;
    if (uid !== self && uid !== 0) {
      return { isOpen: true, text: `${path} belongs to user ${uid}` };
    }
    const bits = (mode & 0o777).toString(8);
    return { isOpen: (mode & openMask) !== 0, text: `${path} has mode ${bits}` };
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return null;
    throw error;
  }
}
