/** Stops the processes that a keeper recorded; used by the keeper and, when it is dead, for it. */
import { rm } from 'node:fs/promises';
import type { Clock } from './clock.ts';
import type { RoleRecord } from './keeper-record.ts';
import { endProcess } from './kept-process.ts';
import type { StateDirectory } from './state-directory.ts';
import { stopPostgres } from './stop-postgres.ts';

const GRACE_MS = 15_000;

/**
 * Ends the roles one after the other, the last one first. With a directory, everything there is
 * stopped: PostgreSQL too, and the record goes. The caller holds the keeper's lock.
 */
export async function stopRecorded(
  roles: readonly Pick<RoleRecord, 'process'>[],
  clock: Clock,
  directory?: StateDirectory,
): Promise<void> {
  for (const { process } of roles.toReversed()) {
    if (process) await endProcess(process, GRACE_MS, clock);
  }
  if (directory) {
    await stopPostgres(directory);
    await rm(directory.keeperFile, { force: true });
  }
}
