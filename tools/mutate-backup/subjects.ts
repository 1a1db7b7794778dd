/** What is backed up to be mutated: some files, and a whole PostgreSQL server. */
import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesBackup } from '../../src/drivers/backup/files/driver.ts';
import { pgBaseBackup } from '../../src/drivers/backup/pg-base/driver.ts';
import type { ContentPart } from '../../src/core/backup/content.ts';
import type { Backup } from '../../src/drivers/contract.ts';
import { openBackup } from '../../src/engine/backup/open-backup.ts';
import { ensurePostgres } from '../../src/platform/ensure-postgres.ts';
import { openPostgres } from '../../src/platform/open-postgres.ts';
import { removeFolder } from '../../src/platform/remove-folder.ts';
import { stateDirectoryAt } from '../../src/platform/state-directory.ts';
import { removePostgres } from '../../src/platform/stop-postgres.ts';
import { keptFiles } from './kept-files.ts';
import { keptBackups, places, type KeptBackups } from './kept-backups.ts';

export interface Subject {
  readonly kept: KeptBackups;
  readonly backup: Backup;
}

/** Restored by the real driver; five chunks and their backups of each kind. */
export async function withFiles<Found>(work: (subject: Subject) => Promise<Found>): Promise<Found> {
  const folder = await mkdtemp(join(tmpdir(), 'sf-mutate-'));
  try {
    await mkdir(join(folder, 'media'));
    await writeFile(join(folder, 'media/a.txt'), 'What a picture shows. '.repeat(3_000));
    await writeFile(join(folder, 'media/b.txt'), 'b');
    const config = filesBackup.config.parse({ path: join(folder, 'media') });
    const backup = filesBackup.connect(config, { stateDirectory: folder });
    const wanted = ['first', 'second', 'elsewhere', 'taken', 'failed'] as const;
    return await work({ kept: await keptBackups(backup, wanted), backup });
  } finally {
    await removeFolder(folder);
  }
}

/** Only decrypted, and believed whatever it is: nothing but the encryption and the manifest are in the way. */
export async function withPostgres<Found>(
  work: (subject: Subject) => Promise<Found>,
): Promise<Found> {
  const folder = await mkdtemp(join(tmpdir(), 'sf-'));
  // To be walked through by the user that root gives it to.
  await chmod(folder, 0o711);
  const directory = stateDirectoryAt(folder);
  try {
    const { connectionString: url } = await ensurePostgres(directory);
    const client = await openPostgres(url);
    const made =
      'CREATE TABLE articles AS SELECT i, md5(i::text) FROM generate_series(1, 1000) AS i';
    await client.query(made).finally(() => client.end());
    const real = pgBaseBackup.connect(pgBaseBackup.config.parse({ url }), {
      stateDirectory: folder,
    });
    const kept = await keptBackups(real, ['first']);
    const { manifest } = await openBackup(
      { store: keptFiles(kept.files), ring: kept.ring },
      places.first,
    );
    return await work({ kept, backup: { ...real, restore: believing(manifest.parts) } });
  } finally {
    await removePostgres(directory);
    await removeFolder(folder);
  }
}

function believing(parts: readonly ContentPart[]): Backup['restore'] {
  return async (content) => {
    for await (const piece of content) if (piece.length === 0) continue;
    return {
      ...{ address: '', parts: () => Promise.resolve(parts), faults: () => Promise.resolve(null) },
      ...{ keep: () => Promise.resolve(), remove: () => Promise.resolve() },
    };
  };
}
