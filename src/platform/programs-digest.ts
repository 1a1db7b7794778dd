/** Which programs a search path leads to, as one digest: by their names, sizes and times, since to read all takes minutes. */
import { readdir, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { canonicalDigest } from './canonical-digest.ts';
import { isSystemError } from './is-system-error.ts';

export async function programsDigest(searchPath: string): Promise<string> {
  const folders = [...new Set(searchPath.split(delimiter))].filter(isAbsolute);
  return canonicalDigest(await Promise.all(folders.map(programsIn)));
}

async function programsIn(folder: string): Promise<readonly string[]> {
  const names = (await unlessGone(() => readdir(folder))) ?? [];
  return Promise.all(
    names.sort().map(async (name) => {
      const found = await unlessGone(() => stat(join(folder, name)));
      return found ? `${name} ${found.size} ${found.mtimeMs}` : name;
    }),
  );
}

/** A link that leads nowhere, a folder that nobody may look into. */
async function unlessGone<Value>(look: () => Promise<Value>): Promise<Value | null> {
  try {
    return await look();
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}
