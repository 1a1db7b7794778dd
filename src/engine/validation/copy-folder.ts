import { constants } from 'node:fs';
import { cp } from 'node:fs/promises';

/** As it is, links as links; blocks are shared where the file system can. */
export function copyFolder(from: string, to: string, without?: string): Promise<void> {
  return cp(from, to, {
    filter: (path) => path !== without,
    ...{ recursive: true, verbatimSymlinks: true, preserveTimestamps: true },
    mode: constants.COPYFILE_FICLONE,
  });
}
