/** Looks once a minute whether a backup is due, in the server that drives. */
import type { Log } from '../../platform/log.ts';
import type { EngineContext } from '../engine-context.ts';
import { lookWhileDriving } from '../look-while-driving.ts';
import { takeDueBackups } from './take-due-backups.ts';

const LOOK_EVERY_MS = 60_000;

export interface BackupSchedule {
  readonly engine: Pick<EngineContext, 'store' | 'clock' | 'lock' | 'work'>;
  readonly log: Log;
  /** Ends the schedule, and what is being taken. */
  readonly signal: AbortSignal;
}

/** Resolves when the signal is aborted. */
export function scheduleBackups({ engine, log, signal }: BackupSchedule): Promise<void> {
  const failedNs = new Map<string, bigint>();
  const progress = (text: string): void => log.info('backup', { text });
  const { ended } = lookWhileDriving({
    ...{ engine, everyMs: LOOK_EVERY_MS, log, signal },
    look: () => takeDueBackups({ engine, failedNs, progress, signal }),
    complaint: 'backups that are due could not be looked for',
  });
  return ended;
}
