import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationalError } from '../../core/operational-error.ts';
import { packagedPostgres } from '../../platform/postgres-binaries.ts';
import { fault, fine, type Check } from './check.ts';

const NAME = 'postgresql';
const REMEDY = 'Run npm install, or set DATABASE_URL to use another server.';

export async function checkPostgres(databaseUrl: string | undefined): Promise<Check> {
  if (databaseUrl) return fine(NAME, 'external, by DATABASE_URL');
  try {
    const { native, version } = packagedPostgres();
    for (const program of ['initdb', 'pg_ctl', 'postgres']) {
      const path = join(native, 'bin', program);
      if (!(await mayRun(path))) return fault(NAME, `${path} cannot be run`, REMEDY);
    }
    return fine(NAME, `embedded ${version}`);
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    return fault(NAME, error.message, REMEDY);
  }
}

async function mayRun(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    // Missing or without permission: the remedy is the same.
    () => false,
  );
}
