/** Content in a folder of this machine, readable by its owner alone. */
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { operationalError } from '../core/operational-error.ts';
import type { BlobStore } from './blob-store.ts';
import { isUnfinished, syncDirectory, writeDurably } from './durable-file.ts';
import { isSystemError } from './is-system-error.ts';
import { pathsBelow } from './paths-below.ts';
import { unlessMissing } from './unless-missing.ts';

export function folderBlobs(root: string): BlobStore {
  return {
    put: (path, content) => write(join(root, path), content),
    get: (path) => read(join(root, path)),
    list: (prefix) => list(root, prefix),
    async remove(path) {
      await rm(join(root, path), { force: true });
      // What is removed next must not be gone before this one after a crash.
      await unlessMissing(syncDirectory(dirname(join(root, path))));
      await removeEmpty(dirname(join(root, path)), root);
    },
    clear: (path) => clear(join(root, path), root),
  };
}

async function write(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeDurably(path, content);
  await syncDirectory(dirname(folder));
}

async function* read(path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>;
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
    throw operationalError('backup-missing', `"${path}" is not there.`, { cause: error });
  }
}

async function list(root: string, prefix: string): Promise<readonly string[]> {
  const found = (await unlessMissing(pathsBelow(root))) ?? [];
  return found.flatMap(({ path, entry }) =>
    entry.isFile() && !isUnfinished(path) && path.startsWith(prefix) ? [path] : [],
  );
}

async function clear(path: string, root: string): Promise<void> {
  const folder = dirname(path);
  const names = (await unlessMissing(readdir(folder))) ?? [];
  for (const name of names.filter(isUnfinished)) {
    const found = join(folder, name);
    if (found.startsWith(`${path}.`)) await rm(found, { force: true });
  }
  await removeEmpty(folder, root);
}

async function removeEmpty(folder: string, root: string): Promise<void> {
  if (folder === root) return;
  const names = await readdir(folder).catch(() => null);
  if (names?.length === 0) await rm(folder, { recursive: true, force: true });
}
