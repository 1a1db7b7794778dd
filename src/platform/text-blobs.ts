/** Small texts among large content. */
import type { BlobStore } from './blob-store.ts';

export async function putText(store: BlobStore, path: string, text: string): Promise<void> {
  await store.put(path, once(Buffer.from(text)));
}

/** Throws `backup-missing`. */
export async function readBlobText(store: BlobStore, path: string): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of store.get(path)) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
