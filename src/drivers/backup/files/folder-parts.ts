/** What is in a folder, file by file. */
import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentPart } from '../../../core/backup/content.ts';
import { operationalError } from '../../../core/operational-error.ts';
import { digestFile } from '../../../platform/digest-file.ts';
import { isSystemError } from '../../../platform/is-system-error.ts';
import { pathsBelow } from '../../../platform/paths-below.ts';

export async function folderParts(folder: string): Promise<readonly ContentPart[]> {
  const parts: ContentPart[] = [];
  for (const name of await namesIn(folder)) {
    const whole = join(folder, name);
    const stats = await lstat(whole);
    if (stats.isSymbolicLink()) parts.push(linkPart(name, await readlink(whole)));
    if (stats.isFile()) {
      const { hex, bytes } = await digestFile(whole);
      parts.push({ name, size: bytes, hash: hex });
    }
  }
  return parts;
}

export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await pathsBelow(folder)).map(({ path }) => path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const message = `"${folder}" cannot be read: ${error.message}.`;
    throw operationalError('backup-unverifiable', message, { cause: error });
  }
}

export function linkPart(name: string, target: string): ContentPart {
  return { name, size: 0, hash: `link to ${target}` };
}
