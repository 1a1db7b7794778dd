/** What a command names outside of what is checked, and so may depend on: by its content, since a path says nothing. */
import { stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { pathsInWords } from '../../core/validation/paths-in-words.ts';
import { digestFile } from '../../platform/digest-file.ts';
import { unlessMissing } from '../../platform/unless-missing.ts';

/** Digests by path, '' of what is not there. Null when it names a folder, or something that cannot be read as a file. */
export async function outsideFiles(
  words: readonly string[],
  { directory, home }: { readonly directory: string; readonly home: string | undefined },
): Promise<ReadonlyMap<string, string> | null> {
  const found = new Map<string, string>();
  for (const path of pathsInWords(words)) {
    const file = path.startsWith('~/')
      ? resolve(home ?? '/', path.slice(2))
      : resolve(directory, path);
    if (!isOutside(file, directory)) continue;
    const digest = await digestAt(file);
    if (digest === null) return null;
    found.set(path, digest);
  }
  return found;
}

function isOutside(file: string, directory: string): boolean {
  const way = relative(directory, file);
  return way === '..' || way.startsWith('../') || isAbsolute(way);
}

async function digestAt(file: string): Promise<string | null> {
  const found = await unlessMissing(stat(file));
  if (!found) return '';
  // `/dev/null` is the same each time.
  if (found.isCharacterDevice()) return 'device';
  return found.isFile() ? (await digestFile(file)).hex : null;
}
