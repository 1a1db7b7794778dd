/** What must not be lost is in a backup that was tried out, before anything is touched. */
import { formatDuration } from '../model/duration.ts';
import { step, type Outline } from './outline.ts';
import type { ServiceStep } from './plan.ts';

/** Each time all of it is taken anew. */
const ATTEMPTS_MAX_BACKUP = 3;

export function secureBackups({ backups }: Outline): readonly ServiceStep[] {
  return backups.map(({ name, ageMs, isOwn, timeBoxMs }) =>
    step({
      id: `secure-${name}`,
      row: 'P2',
      phase: 'preparation',
      title:
        isOwn === true
          ? `Take a backup of ${name} and verify it`
          : `Have a verified backup of ${name} that is no older than ${formatDuration(ageMs)}`,
      action: { kind: 'secure-backup', backup: name },
      deadlineMs: timeBoxMs,
      attemptsMax: ATTEMPTS_MAX_BACKUP,
    }),
  );
}
