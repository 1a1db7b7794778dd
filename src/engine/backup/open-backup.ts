import { damagedBackup } from '../../core/backup/damaged-backup.ts';
import { readBlobText } from '../../platform/text-blobs.ts';
import { manifestPath, type BackupPlace } from './backup-files.ts';
import { openManifest, type OpenBackup } from './manifest.ts';
import type { BackupWork } from './take-backup.ts';

/** Throws `backup-missing`, `backup-damaged`, `backup-key-missing`. */
export async function openBackup(
  { store, ring }: Pick<BackupWork, 'store' | 'ring'>,
  place: BackupPlace,
): Promise<OpenBackup> {
  const open = openManifest(await readBlobText(store, manifestPath(place)), ring);
  const { id, source } = open.manifest;
  if (id === place.id && source === place.source) return open;
  throw damagedBackup(`What lies at ${place.source}/${place.id} is ${source}/${id}`);
}
