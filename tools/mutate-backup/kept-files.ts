/** What is kept of backups, in memory: so that thousands of them are changed in no time. */
import { operationalError } from '../../src/core/operational-error.ts';
import type { BlobStore } from '../../src/platform/blob-store.ts';

export type KeptFiles = ReadonlyMap<string, Buffer>;

/** What is put there is not in `files`, but in what it returns. */
export function keptFiles(files: KeptFiles): BlobStore & { readonly files: KeptFiles } {
  const kept = new Map(files);
  return {
    files: kept,
    async put(path, content) {
      const pieces: Buffer[] = [];
      for await (const piece of content) pieces.push(Buffer.from(piece));
      kept.set(path, Buffer.concat(pieces));
    },
    async *get(path) {
      const found = kept.get(path);
      if (!found) throw operationalError('backup-missing', `"${path}" is not there.`);
      yield await Promise.resolve(found);
    },
    list: (prefix) =>
      Promise.resolve([...kept.keys()].filter((path) => path.startsWith(prefix)).sort()),
    async remove(path) {
      await Promise.resolve(kept.delete(path));
    },
    clear: () => Promise.resolve(),
  };
}
