/** The database of a preview as a backup has it: the newest that was tried out, brought back beside what runs. */
import type { S3Place } from '../../core/backup/s3-place.ts';
import { operationalError } from '../../core/operational-error.ts';
import { withDatabase } from '../../platform/open-postgres.ts';
import { keptBackups } from '../backup/kept-backups.ts';
import { openBackup } from '../backup/open-backup.ts';
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
  readonly driver: string;
  readonly declared: () => Promise<DeclaredBackup>;
}

/** What may be secret of it. */
export interface DeclaredBackup {
  readonly config: unknown;
  /** Where it is kept; null: in the state directory. */
  readonly place: S3Place | null;
}

export function restoresForPreview(
  { name, source, driver, declared }: BackupOfPreview,
  { connect, agents, clock, host }: ServerSurroundings,
): RestoreForPreview {
  return async (signal) => {
    const { config, place } = await declared();
    const backup = connect('backup', { driver, config }, agents);
    const { work } = await keptBackups(agents.stateDirectory, {
      ...{ backup, clock, signal, host, place },
    });
    // A preview wants data like those that are there, of whatever day.
    const wanted = { source, ageMaxMs: Infinity, by: '', isOwn: false };
    const there = await verifiedBackup(work, wanted);
    if (!there) {
      const message = `preview.database.backup: there is no verified backup of ${source} to restore. Take one: npx surefoot backup take ${name}.`;
      throw operationalError('backup-missing', message);
    }
    const { id } = there.manifest;
    const restored = await restoreBackup(work, await openBackup(work, { source, id }));
    const address = addressOf(restored.address, config);
    return { address, id, remove: () => restored.remove() };
  };
}

/** Of a whole server that was restored, the database that its backup is taken through. */
function addressOf(address: string, config: unknown): string {
  const url = typeof config === 'object' && config && 'url' in config ? config.url : null;
  if (typeof url !== 'string' || !URL.canParse(address)) return address;
  const database = decodeURIComponent(new URL(url).pathname.slice(1));
  return database === '' ? address : withDatabase(address, database);
}
