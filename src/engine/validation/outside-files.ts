/** What a command names outside of what is checked, and so may depend on: by its content, since a path says nothing. */
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pathsInWord } from '../../core/validation/paths-in-word.ts';
import { digestFile } from '../../platform/digest-file.ts';
import { isInside } from '../../platform/is-inside.ts';
import { unlessMissing } from '../../platform/unless-missing.ts';

interface Place {
  readonly directory: string;
  readonly home: string | undefined;
}

/** Digests by path. Null when it names a folder, or something of which nobody can tell what it is. */
export async function outsideFiles(
  words: readonly string[],
  place: Place,
): Promise<ReadonlyMap<string, string> | null> {
  const found = new Map<string, string>();
  for (const word of words) {
    const files = await filesOf(word, place);
    if (files === null) return null;
    for (const [file, digest] of files) found.set(file, digest);
  }
  return found;
}

type Digests = readonly (readonly [file: string, digest: string])[];

async function filesOf(word: string, place: Place): Promise<Digests | null> {
  const { whole, parts, isUnsure } = pathsInWord(word);
  for (const path of whole) {
    const file = fileOf(path, place);
    const digest = await digestAt(file);
    if (digest === null) return null;
    // A file within what is checked has its digest by that.
    if (digest !== '') return isInside(place.directory, file) ? [] : [[file, digest]];
  }
  if (isUnsure || whole.length > 0) return null;
  const digests: (readonly [string, string])[] = [];
  for (const part of parts) {
    const file = resolve(part);
    const digest = await digestAt(file);
    if (digest === null || (digest === '' && (await isNextTo(file)))) return null;
    if (digest !== '' && !isInside(place.directory, file)) digests.push([file, digest]);
  }
  return digests;
}

function fileOf(path: string, { directory, home = '/' }: Place): string {
  return path.startsWith('~/') ? resolve(home, path.slice(2)) : resolve(directory, path);
}

/** It may be a name that is cut off, or come to be. What only reads like a path has no folder. */
async function isNextTo(file: string): Promise<boolean> {
  const folder = dirname(file);
  return folder !== '/' && (await unlessMissing(stat(folder)))?.isDirectory() === true;
}

/** '' of what is not there; null of what is no file. */
async function digestAt(file: string): Promise<string | null> {
  const found = await statOf(file);
  if (!found) return '';
  // `/dev/null` is the same each time.
  if (found.isCharacterDevice()) return 'device';
  return found.isFile() ? (await digestFile(file)).hex : null;
}

async function statOf(file: string) {
  try {
    return await unlessMissing(stat(file));
  } catch {
    // A name too long, a file taken for a folder: whatever it is, no path.
    return null;
  }
}
