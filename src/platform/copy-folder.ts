/** Copies a folder as it is, several files at a time: links in it stay links, modes and times of files stay theirs. */
import { constants } from 'node:fs';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readlink,
  realpath,
  stat,
  symlink,
  utimes,
} from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from './unless-missing.ts';
import { operationalError } from '../core/operational-error.ts';

const AT_ONCE = 16;

/**
 * `to` is made. `without`: a path that is left out, by whatever links it or `from` is named. What vanishes meanwhile is no part
 * of it. Throws `config-invalid` for what is neither file, folder nor link.
 */
export async function copyFolder(from: string, to: string, without?: string): Promise<void> {
  const left = without === undefined ? null : await unlessMissing(realpath(without));
  await copyInto(to, await realpath(from), left);
}

async function copyInto(to: string, from: string, without: string | null): Promise<void> {
  await mkdir(to, { recursive: true });
  const names = (await readdir(from)).filter((name) => join(from, name) !== without);
  const folders: string[] = [];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = names.slice(at, at + AT_ONCE);
    await Promise.all(
      some.map(async (name) => {
        const found = await unlessMissing(isCopied(join(from, name), join(to, name)));
        if (found === false) folders.push(name);
      }),
    );
  }
  for (const name of folders) {
    await unlessMissing(copyInto(join(to, name), join(from, name), without));
  }
  // In the end: nothing could be put into one that is only to be read.
  await chmod(to, (await stat(from)).mode);
}

/** False of a folder. */
async function isCopied(from: string, to: string): Promise<boolean> {
  const stats = await lstat(from);
  if (stats.isDirectory()) return false;
  if (stats.isSymbolicLink()) {
    await symlink(await readlink(from), to);
    return true;
  }
  if (!stats.isFile()) {
    const message = `"${from}" cannot be copied: it is a socket, a pipe or a device.`;
    throw operationalError('config-invalid', message);
  }
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await utimes(to, stats.atime, stats.mtime);
  return true;
}
