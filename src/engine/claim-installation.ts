/**
 * A database knows what runs only where it was told: the pools, numbers and tokens of one state
 * directory belong to one database. Any other pair would take what lives for a stranger's.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { operationalError } from '../core/operational-error.ts';
import { writeFileAtomically } from '../platform/write-file-atomically.ts';
import type { Database } from '../store/database.ts';
import { installationIdOf, listDeployments } from '../store/deployment-store.ts';

/** Idempotent. Throws `database-differs` before anything was changed. */
export async function claimInstallation(database: Database, stateDirectory: string): Promise<void> {
  const file = join(stateDirectory, 'installation');
  const id = await installationIdOf(database);
  const claimed = await readClaim(file);
  if (claimed === id) return;
  if (claimed !== null) {
    throw operationalError(
      'database-differs',
      `The state directory ${stateDirectory} belongs to installation ${claimed}, the database to ${id}.`,
    );
  }
  if ((await listDeployments(database, { limit: 1 })).length > 0) {
    throw operationalError(
      'database-differs',
      `The database has deployments of installation ${id}, of which the state directory ${stateDirectory} knows nothing. If it is to go on here, write that id into ${file}.`,
    );
  }
  writeFileAtomically(file, `${id}\n`);
}

async function readClaim(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
