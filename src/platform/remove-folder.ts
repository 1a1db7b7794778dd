/** Removes a folder with all that is in it, folders too that are only to be read. */
import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from './is-system-error.ts';

/** Something may still be written while it is removed, by what has just been told to end. */
const AGAIN = { maxRetries: 5, retryDelay: 100 };

/** Idempotent. */
export async function removeFolder(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, ...AGAIN });
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'EACCES') throw error;
    await openFolders(path);
    await rm(path, { recursive: true, force: true, ...AGAIN });
  }
}

/** Nothing can be taken out of one that is only to be read. */
async function openFolders(path: string): Promise<void> {
  if (!(await lstat(path)).isDirectory()) return;
  await chmod(path, 0o700);
  for (const name of await readdir(path)) await openFolders(join(path, name));
}
