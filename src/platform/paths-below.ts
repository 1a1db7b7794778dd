import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** All that lies below a folder, in the order of its paths, which are relative to it. Links are not followed. */
export async function pathsBelow(
  folder: string,
): Promise<readonly { readonly path: string; readonly entry: Dirent }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .map((entry) => ({ path: relative(folder, join(entry.parentPath, entry.name)), entry }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}
