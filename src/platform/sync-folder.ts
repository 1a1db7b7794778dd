/** Brings a folder with all that is in it to the disk. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from './durable-file.ts';
import { pathsBelow } from './paths-below.ts';

/** Resolves when it survives a crash of the machine. What is in it does not change meanwhile. */
export async function syncFolder(folder: string): Promise<void> {
  for (const { path, entry } of await pathsBelow(folder)) {
    const whole = join(folder, path);
    if (entry.isDirectory()) await syncDirectory(whole);
    if (entry.isFile()) await syncFile(whole);
  }
  await syncDirectory(folder);
}

/** Also one that is only to be read. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, constants.O_RDONLY);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
