/** Small texts among large content. */
import { isUtf8 } from 'node:buffer';
import { damagedBackup } from '../core/backup/damaged-backup.ts';
import type { BlobStore } from './blob-store.ts';

export async function putText(store: BlobStore, path: string, text: string): Promise<void> {
  await store.put(path, once(Buffer.from(text)));
}

/** Throws `backup-missing`, and `backup-damaged` for what is no text. */
export async function readBlobText(store: BlobStore, path: string): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of store.get(path)) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw damagedBackup(`"${path}" is no text`);
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
