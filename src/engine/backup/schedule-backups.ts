/** Looks once a minute whether a backup is due, in the server that drives. */
import { once } from 'node:events';
import type { Log } from '../../platform/log.ts';
import { isPassing } from '../../store/database.ts';
import type { EngineContext } from '../engine-context.ts';
import { takeDueBackups } from './take-due-backups.ts';

const LOOK_EVERY_MS = 60_000;

export interface BackupSchedule {
  readonly engine: Pick<EngineContext, 'store' | 'clock' | 'lock' | 'work'>;
  readonly log: Log;
  /** Ends the schedule, and what is being taken. */
  readonly signal: AbortSignal;
}

/** Resolves when the signal is aborted. */
export async function scheduleBackups({ engine, log, signal }: BackupSchedule): Promise<void> {
  const failedNs = new Map<string, bigint>();
  const progress = (text: string): void => log.info('backup', { text });
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    try {
      if (engine.lock.isHeld()) await takeDueBackups({ engine, failedNs, progress, signal });
    } catch (error) {
      // A database that is away is nobody's news here.
      if (isOver()) return;
      if (!isPassing(error)) log.error('backups that are due could not be looked for', { error });
    }
    const pause = engine.clock.deadline(LOOK_EVERY_MS);
    const ended = AbortSignal.any([pause.signal, signal]);
    if (!ended.aborted) await once(ended, 'abort');
    pause.release();
  }
}
