/** The database of a preview as a backup has it: the newest that was tried out, brought back beside what runs. */
import { operationalError } from '../../core/operational-error.ts';
import { addressForApplication } from '../backup/address-for-application.ts';
import { openBackup } from '../backup/open-backup.ts';
import { openDeclared, type DeclaredBackup } from '../backup/open-declared.ts';
import { restoreBackup } from '../backup/restore-backup.ts';
import { verifiedBackup } from '../backup/secure-backup.ts';
import type { ServerSurroundings } from '../server-surroundings.ts';

export interface RestoredForPreview {
  /** What an application reaches it by: a URL, a path. */
  readonly address: string;
  /** Which backup it is. */
  readonly id: string;
  /** With all that was made for it. */
  readonly remove: () => Promise<void>;
}

/** Throws `backup-missing` where none was tried out, and what restoring one throws; nothing is left then. */
export type RestoreForPreview = (signal: AbortSignal) => Promise<RestoredForPreview>;

export interface BackupOfPreview {
  readonly name: string;
  readonly source: string;
  readonly declared: () => Promise<DeclaredBackup>;
}

export function restoresForPreview(
  { name, source, declared }: BackupOfPreview,
  surroundings: ServerSurroundings,
): RestoreForPreview {
  return async (signal) => {
    const declaration = await declared();
    const { work } = await openDeclared(surroundings, declaration, signal);
    // A preview wants data like those that are there, of whatever day.
    const wanted = { source, ageMaxMs: Infinity, by: '', isOwn: false };
    const there = await verifiedBackup(work, wanted);
    if (!there) {
      const message = `preview.database.backup: there is no verified backup of ${source} to restore. Take one: npx surefoot backup take ${name}.`;
      throw operationalError('backup-missing', message);
    }
    const { id } = there.manifest;
    const restored = await restoreBackup(work, await openBackup(work, { source, id }));
    const address = addressForApplication(restored.address, declaration.config);
    return { address, id, remove: () => restored.remove() };
  };
}
