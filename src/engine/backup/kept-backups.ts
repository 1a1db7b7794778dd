/** The backups of a state directory: where they lie, and the key that they are encrypted with. */
import { join } from 'node:path';
import type { S3Place } from '../../core/backup/s3-place.ts';
import type { Backup } from '../../drivers/contract.ts';
import type { Clock } from '../../platform/clock.ts';
import { withFileLock } from '../../platform/file-lock.ts';
import type { HostEnvironment } from './configured-keys.ts';
import { usesIn, type BackupUses } from './backup-uses.ts';
import { keptStore } from './kept-store.ts';
import { clearLeftBackups, notedIn } from './noted-work.ts';
import { keptKey, type KeptKey } from './kept-key.ts';
import type { BackupWork } from './take-backup.ts';

/** Longer than what one writes in a few minutes takes to be kept. */
const LOGGING_WAIT_MS = 10 * 60_000;

export type KeptWork = BackupWork &
  BackupUses & {
    /** Nobody else puts something in the place of what is live meanwhile. */
    readonly switchingAlone: <Result>(work: () => Promise<Result>) => Promise<Result>;
    /** Nobody else keeps segments of logs meanwhile: each waits for those before. */
    readonly loggingAlone: <Result>(work: () => Promise<Result>) => Promise<Result>;
  };

export interface KeptBackups {
  readonly work: KeptWork;
  readonly key: KeptKey;
  /** Why something could not be cleared that was left by one that was killed. */
  readonly notCleared: readonly string[];
}

/** `stateDirectory` is there. Makes a key where none is, and clears what killed ones have left. */
export async function keptBackups(
  stateDirectory: string,
  {
    host,
    place,
    ...given
  }: {
    readonly backup: Backup;
    readonly clock: Clock;
    readonly signal: AbortSignal;
    /** Surefoot's own environment: it may hold keys. */
    readonly host: HostEnvironment;
    /** Where they are kept; null: in the state directory. */
    readonly place: S3Place | null;
  },
): Promise<KeptBackups> {
  const key = await keptKey(stateDirectory, host);
  const { clock, signal } = given;
  const access = { stateDirectory, host, clock };
  const store = keptStore(place, { ...access, signal });
  const notCleared = await clearLeftBackups(access);
  return {
    key,
    notCleared,
    work: {
      ...{ ...given, noted: notedIn(stateDirectory, place), ring: key.ring, store },
      ...usesIn(stateDirectory, clock),
      switchingAlone: (work) =>
        withFileLock(join(stateDirectory, 'switching.lock'), { waitMs: 0, clock }, work),
      loggingAlone: (work) =>
        withFileLock(
          join(stateDirectory, 'logging.lock'),
          { waitMs: LOGGING_WAIT_MS, clock, signal },
          work,
        ),
    },
  };
}
