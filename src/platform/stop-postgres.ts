/** Stops the embedded PostgreSQL in an orderly way; it keeps its data. */
import { rm } from 'node:fs/promises';
import { operationalError } from '../core/operational-error.ts';
import { postgresLockFile } from './ensure-postgres.ts';
import { withFileLock } from './file-lock.ts';
import { POSTGRES_ENVIRONMENT, preparePostgresBinaries } from './postgres-binaries.ts';
import { postgresRecordFile, readPostgresPlace, type PostgresPlace } from './postgres-place.ts';
import { readPostmaster } from './postmaster.ts';
import { runProgram } from './run-program.ts';
import type { StateDirectory } from './state-directory.ts';

const LOCK_WAIT_MS = 90_000;

/** Idempotent. Open sessions are ended, transactions in flight roll back. */
export async function stopPostgres(directory: StateDirectory): Promise<void> {
  const place = await readPostgresPlace(directory);
  if (place === null) return;
  await withFileLock(postgresLockFile(directory), { waitMs: LOCK_WAIT_MS }, () => stop(place));
}

/** Stops it and removes its data for good: for the demo and tests. */
export async function removePostgres(directory: StateDirectory): Promise<void> {
  const place = await readPostgresPlace(directory);
  if (place === null) return;
  await stopPostgres(directory);
  await rm(place.root, { recursive: true, force: true });
  await rm(postgresRecordFile(directory), { force: true });
}

async function stop(place: PostgresPlace): Promise<void> {
  let output = '';
  // The second mode is a crash that PostgreSQL recovers from, for a session that will not end.
  for (const [mode, seconds] of [
    ['fast', 30],
    ['immediate', 15],
  ] as const) {
    // pg_ctl would signal whatever process now has the pid of a stale file.
    if ((await readPostmaster(place.dataDirectory)).kind !== 'running') return;
    const binaries = await preparePostgresBinaries(place);
    const result = await runProgram({
      command: binaries.pgCtl,
      args: ['stop', '-D', place.dataDirectory, '-m', mode, '-w', '-t', String(seconds), '-s'],
      cwd: place.root,
      env: POSTGRES_ENVIRONMENT,
      account: place.account,
    });
    if (result.ok) return;
    output = result.output.trim();
  }
  if ((await readPostmaster(place.dataDirectory)).kind !== 'running') return;
  throw operationalError(
    'database-unreachable',
    `PostgreSQL in ${place.root} does not stop: ${output}`,
  );
}
