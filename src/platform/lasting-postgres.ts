/** Makes a restored PostgreSQL, which ran only to be looked at, one that may be relied on. */
import type { PostgresPlace } from './postgres-place.ts';
import { startRestoredPostgres, type RestoredStart } from './restored-postgres.ts';
import type { StateDirectory } from './state-directory.ts';
import { stopPostgres } from './stop-postgres.ts';
import { syncFolder } from './sync-folder.ts';

/** All of its data is on the disk, and it runs no more. */
export async function stopLasting(directory: StateDirectory, place: PostgresPlace): Promise<void> {
  await stopPostgres(directory);
  await syncFolder(place.dataDirectory);
}

/** At the same address. What is written to it gets to the disk from now on. */
export async function restartLasting(
  directory: StateDirectory,
  place: PostgresPlace,
  start: Omit<RestoredStart, 'recovery' | 'isLasting'>,
): Promise<void> {
  await stopLasting(directory, place);
  await startRestoredPostgres(place, { ...start, recovery: null, isLasting: true });
}
