/** Where backups are kept unless somebody says otherwise: beside everything else of this Surefoot. */
import { join } from 'node:path';
import type { BlobStore } from '../../platform/blob-store.ts';
import { folderBlobs } from '../../platform/folder-blobs.ts';

export function keptStore(stateDirectory: string): BlobStore {
  return folderBlobs(join(stateDirectory, 'backups'));
}
