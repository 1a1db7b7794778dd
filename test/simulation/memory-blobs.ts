import { operationalError } from '../../src/core/operational-error.ts';
import type { BlobStore } from '../../src/platform/blob-store.ts';

/** How a call comes to the store; another one may lose it on its way. */
export type ReachBlobs = <Result>(
  verb: 'put' | 'get' | 'list' | 'remove',
  act: () => Result,
) => Promise<Result>;

const AT_ONCE: ReachBlobs = (_verb, act) => Promise.resolve().then(act);

/** What is put is there as a whole, or not at all. */
export function memoryBlobs(blobs: Map<string, Buffer>, reach: ReachBlobs = AT_ONCE): BlobStore {
  return {
    async put(path, content) {
      const pieces: Buffer[] = [];
      for await (const piece of content) pieces.push(Buffer.from(piece));
      await reach('put', () => void blobs.set(path, Buffer.concat(pieces)));
    },
    async *get(path) {
      const found = await reach('get', () => blobs.get(path) ?? null);
      if (!found) throw operationalError('backup-missing', `There is no "${path}".`);
      yield found;
    },
    list: (prefix) =>
      reach('list', () => [...blobs.keys()].filter((path) => path.startsWith(prefix)).sort()),
    remove: (path) => reach('remove', () => void blobs.delete(path)),
    clear: () => Promise.resolve(),
  };
}
