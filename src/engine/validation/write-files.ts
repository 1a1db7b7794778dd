import { lstat, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { operationalError } from '../../core/operational-error.ts';
import { isSystemError } from '../../platform/is-system-error.ts';
import { unlessMissing } from '../../platform/unless-missing.ts';

/**
 * Texts by path, below a folder that is made where it is missing. Throws `config-invalid` for what is there already, or
 * would lie elsewhere.
 */
export async function writeFiles(
  directory: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await refuseLinks(directory, path);
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeNew(join(directory, path), text, path);
  }
}

/** A link within what is checked may lead out of it. */
async function refuseLinks(directory: string, path: string): Promise<void> {
  let folder = directory;
  for (const name of dirname(path).split('/')) {
    folder = join(folder, name);
    const found = await unlessMissing(lstat(folder));
    if (found?.isSymbolicLink()) {
      throw operationalError(
        'config-invalid',
        `What is planted, "${path}", would lie behind a link.`,
      );
    }
  }
}

/** What stood there would be checked by nobody. */
async function writeNew(file: string, text: string, path: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'EEXIST') throw error;
    throw operationalError('config-invalid', `What is planted, "${path}", is there already.`, {
      cause: error,
    });
  }
}
