/** Writes files so that a crash at any moment leaves the old one or the new one, whole. */
import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { splitBytes } from './split-bytes.ts';

/** Each write is a way to another thread and back. */
const WRITE_BYTES = 256 * 1024;

const TEMPORARY = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;

/** Resolves when the content survives a crash of the machine. Readable by the owner only. */
export async function writeDurably(
  path: string,
  content: string | AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(
        typeof content === 'string' ? content : splitBytes(content, WRITE_BYTES),
      );
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Whether a file is one that is being written yet, or was when its writer was killed. */
export function isUnfinished(path: string): boolean {
  return TEMPORARY.test(path);
}

/**
 * Removes what writers that were killed left in a folder. For its owner at the start, before it writes:
 * a writer that still lives would fail.
 */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter(isUnfinished);
  await Promise.all(names.map((name) => rm(join(folder, name), { force: true })));
}

/** Makes created, renamed and removed names in a folder durable. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
