/** Ends a keeper and leaves everything it keeps running, for the next keeper to adopt. */
import { operationalError } from '../core/operational-error.ts';
import { elapsedMs, systemClock } from './clock.ts';
import { tryFileLock } from './file-lock.ts';
import { keeperFilesIn } from './keeper-files.ts';
import { readKeeperRecord } from './keeper-record.ts';
import { signalProcess } from './kept-process.ts';
import type { StateDirectory } from './state-directory.ts';

const END_MS_MAX = 10_000;
const POLL_MS = 30;

/** Resolves when no keeper lives. */
export async function releaseKeeper(directory: StateDirectory): Promise<void> {
  const keeper = readKeeperRecord(directory)?.keeper;
  const { lock: lockFile } = keeperFilesIn(directory);
  const since = systemClock.monotonicNs();
  if (keeper) await signalProcess(keeper, 'SIGTERM');
  for (;;) {
    const lock = tryFileLock(lockFile);
    lock?.release();
    if (lock) return;
    if (elapsedMs(systemClock, since) > END_MS_MAX) {
      throw operationalError(
        'agent-unreachable',
        `The keeper (process ${keeper?.pid ?? 'unknown'}) of ${directory.root} does not end.`,
      );
    }
    await systemClock.sleep(POLL_MS);
  }
}
