/** Opens what somebody has named as a file, so that nothing waits for ever: neither for a pipe's writer nor for a device. */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { operationalError } from '../core/operational-error.ts';

/** Whoever opens it closes it. Throws `config-invalid` for what is no file. */
export async function openPlainFile(path: string): Promise<FileHandle> {
  // Without O_NONBLOCK, opening a pipe would wait for a writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw operationalError(
    'config-invalid',
    `"${path}" is no file, but a folder, a pipe or a device.`,
  );
}
