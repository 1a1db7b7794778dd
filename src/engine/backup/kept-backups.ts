/** The backups of a state directory: where they lie, and the key that they are encrypted with. */
import { join } from 'node:path';
import type { Backup } from '../../drivers/contract.ts';
import type { Clock } from '../../platform/clock.ts';
import { folderBlobs } from '../../platform/folder-blobs.ts';
import { keptKey, type KeptKey } from './kept-key.ts';
import type { BackupWork } from './take-backup.ts';

export interface KeptBackups {
  readonly work: BackupWork;
  readonly key: KeptKey;
}

/** `stateDirectory` is there. Makes a key where none is. */
export async function keptBackups(
  stateDirectory: string,
  given: { readonly backup: Backup; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<KeptBackups> {
  const key = await keptKey(stateDirectory);
  const store = folderBlobs(join(stateDirectory, 'backups'));
  return { key, work: { ...given, ring: key.ring, store } };
}
