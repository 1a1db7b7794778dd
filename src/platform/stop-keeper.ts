/** What `surefoot down` does: stops a keeper and everything it keeps, also when it died before. */
import { OperationalError, operationalError } from '../core/operational-error.ts';
import { elapsedMs, systemClock, type Clock } from './clock.ts';
import { callControl } from './control-client.ts';
import { tryFileLock } from './file-lock.ts';
import { keeperFilesIn } from './keeper-files.ts';
import { readKeeperRecord } from './keeper-record.ts';
import { isSameProcess, type ProcessIdentity } from './process-identity.ts';
import { createStateDirectory, type StateDirectory } from './state-directory.ts';
import { stopRecorded } from './stop-recorded.ts';

/** Three roles with 15 s of grace each, and PostgreSQL's 45 s. */
const STOP_MS_MAX = 120_000;
const ANSWER_MS_MAX = 5_000;
const EXIT_MS_MAX = 5_000;
const POLL_MS = 50;

/** Idempotent. Resolves when the keeper, its children and PostgreSQL are gone. */
export async function stopKeeper(
  directory: StateDirectory,
  clock: Clock = systemClock,
): Promise<void> {
  await createStateDirectory(directory);
  const { lock: lockFile, socket } = keeperFilesIn(directory);
  const since = clock.monotonicNs();
  const keeper = readKeeperRecord(directory)?.keeper;
  for (;;) {
    const lock = tryFileLock(lockFile);
    if (lock) {
      try {
        await stopRecorded(readKeeperRecord(directory)?.roles ?? [], clock, directory);
      } finally {
        lock.release();
      }
      if (keeper) await waitForExit(keeper, clock);
      return;
    }
    await askToStop(socket);
    if (elapsedMs(clock, since) > STOP_MS_MAX) {
      throw operationalError(
        'agent-unreachable',
        `The keeper (process ${readKeeperRecord(directory)?.keeper.pid ?? 'unknown'}) of ${directory.root} does not stop.`,
      );
    }
    await clock.sleep(POLL_MS);
  }
}

/** It gives the lock back a moment before it exits; without the lock it is no keeper any more. */
async function waitForExit(keeper: ProcessIdentity, clock: Clock): Promise<void> {
  if (keeper.pid === process.pid) return;
  const since = clock.monotonicNs();
  while (elapsedMs(clock, since) < EXIT_MS_MAX && (await isSameProcess(keeper))) {
    await clock.sleep(POLL_MS);
  }
}

/** A keeper that does not listen yet, or not any more, is asked again or has ended. */
async function askToStop(socket: string): Promise<void> {
  try {
    await callControl(socket, {
      method: 'POST',
      path: '/v1/stop',
      body: {},
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
  } catch (error) {
    if (error instanceof OperationalError && error.failure.code === 'agent-unreachable') return;
    throw error;
  }
}
