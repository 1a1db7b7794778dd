import { operationalError } from '../core/operational-error.ts';
import { showSize } from '../core/words/show-size.ts';
import { openPlainFile } from './open-plain-file.ts';

/** Whole. Throws `config-invalid` for what is no file, or is longer. */
export async function readPlainFile(path: string, bytesMax: number): Promise<Buffer> {
  const file = await openPlainFile(path);
  try {
    if ((await file.stat()).size > bytesMax) {
      const message = `"${path}" is longer than ${showSize(bytesMax)}; is it the right file?`;
      throw operationalError('config-invalid', message);
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}
