/** Looks twice a minute whether a log is due, in the server that drives: what takes a backup for long keeps nobody from it. */
import { lookWhileDriving } from '../look-while-driving.ts';
import { copyDueLogs } from './copy-due-logs.ts';
import type { BackupSchedule } from './schedule-backups.ts';

const LOOK_EVERY_MS = 30_000;

/** Resolves when the signal is aborted. */
export function scheduleLogs({ engine, log, signal }: BackupSchedule): Promise<void> {
  const turns = { keptNs: new Map<string, bigint>(), failing: new Map<string, string>() };
  const progress = (text: string): void => log.info('backup', { text });
  const { ended } = lookWhileDriving({
    ...{ engine, everyMs: LOOK_EVERY_MS, log, signal },
    look: () => copyDueLogs({ engine, ...turns, progress, signal }),
    complaint: 'logs that are due could not be looked for',
  });
  return ended;
}
