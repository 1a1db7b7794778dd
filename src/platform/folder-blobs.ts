/** Content in a folder of this machine, readable by its owner alone. */
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, join, relative } from 'node:path';
import { operationalError } from '../core/operational-error.ts';
import type { BlobStore } from './blob-store.ts';
import { syncDirectory } from './durable-file.ts';
import { isSystemError } from './is-system-error.ts';

/** What is being written, and what a killed writer has left. */
const PENDING = '.pending-';

export function folderBlobs(root: string): BlobStore {
  return {
    put: (path, content) => write(join(root, path), content),
    get: (path) => read(join(root, path)),
    list: (prefix) => list(root, prefix),
    async remove(path) {
      await rm(join(root, path), { force: true });
      await removeEmpty(dirname(join(root, path)), root);
    },
  };
}

async function write(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pending = join(folder, `${PENDING}${randomUUID()}`);
  try {
    const file = await open(pending, 'wx', 0o600);
    try {
      for await (const piece of content) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(pending, path);
  } catch (error) {
    await rm(pending, { force: true });
    throw error;
  }
  await syncDirectory(folder);
  await syncDirectory(dirname(folder));
}

async function* read(path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>;
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
    throw operationalError('backup-missing', `"${path}" is not there.`, { cause: error });
  }
}

async function list(root: string, prefix: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith(PENDING))
      .map(({ parentPath, name }) => relative(root, join(parentPath, name)))
      .filter((path) => path.startsWith(prefix))
      .sort();
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return [];
    throw error;
  }
}

async function removeEmpty(folder: string, root: string): Promise<void> {
  if (folder === root) return;
  const names = await readdir(folder).catch(() => null);
  if (names?.length === 0) await rm(folder, { recursive: true, force: true });
}
