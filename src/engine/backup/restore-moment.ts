/** Brings back what was there at a moment between two backups: by the newest that is verified before it, and the log since. */
import { momentCriteria } from '../../core/backup/moment-criteria.ts';
import { operationalError } from '../../core/operational-error.ts';
import type { Criterion } from '../../core/validation/criterion.ts';
import { outcomeOf } from '../../core/validation/judge-report.ts';
import type { LogStart, RestoredMoment } from '../../drivers/contract.ts';
import { throwUnverifiable, unverifiableBy } from '../../platform/unverifiable-by.ts';
import { logStartsIn } from './kept-log.ts';
import { listBackups, type ListedBackup } from './list-backups.ts';
import type { OpenBackup } from './manifest.ts';
import { momentSegments, segmentContents } from './moment-segments.ts';
import { openBackup } from './open-backup.ts';
import { restoredBy } from './restore-backup.ts';
import type { BackupWork } from './take-backup.ts';

export interface MomentAsked {
  readonly source: string;
  /** RFC 3339, in UTC and milliseconds. */
  readonly at: string;
  readonly partsMin: number;
  /** Tells what is done; in one line. */
  readonly progress: (text: string) => void;
}

export type MomentEnd =
  | {
      readonly kind: 'restored';
      /** By which backup. */
      readonly id: string;
      readonly restored: RestoredMoment;
      readonly criteria: readonly Criterion[];
    }
  | {
      readonly kind: 'not-verified';
      readonly id: string;
      readonly criteria: readonly Criterion[];
    };

/**
 * In a place of its own, all of it that can be looked at. Nothing is left of what is damaged or fails. Throws `backup-missing`
 * for a moment that nothing that is kept leads to.
 */
export function restoreMoment(work: BackupWork, asked: MomentAsked): Promise<MomentEnd> {
  return restoreNow(work, asked).catch(throwUnverifiable);
}

async function restoreNow(work: BackupWork, asked: MomentAsked): Promise<MomentEnd> {
  const { source } = asked;
  const { id, start } = await backupBefore(work, asked);
  return work.using({ source, id }, async () => {
    const open = await openBackup(work, { source, id });
    return restoreBy(work, asked, { open, start });
  });
}

async function restoreBy(
  work: BackupWork,
  { source, at, partsMin, progress }: MomentAsked,
  { open, start }: { readonly open: OpenBackup; readonly start: LogStart },
): Promise<MomentEnd> {
  const { backup, signal } = work;
  const { log } = backup;
  const { id } = open.manifest;
  if (!log) throw operationalError('backup-missing', `No log is kept of ${source}.`);
  const segments = await momentSegments(work, { source, start, at });
  progress(`${source}: ${id} is being restored, with ${segments.length} segments of the log`);
  const restored = await restoredBy(work, open, (content) =>
    log.restoreAt(content, { at, segments: segmentContents(work, segments) }, { signal }),
  );
  try {
    const [parts, faults] = await Promise.all([restored.parts(), restored.faults()]);
    const criteria = momentCriteria({ parts, faults, partsMin, reached: restored.reached });
    if (outcomeOf(criteria) === 'PASS') return { kind: 'restored', id, restored, criteria };
    await restored.remove();
    return { kind: 'not-verified', id, criteria };
  } catch (error) {
    await restored.remove();
    throw unverifiableBy(error);
  }
}

/** The newest that holds nothing later. */
async function backupBefore(
  work: BackupWork,
  { source, at }: MomentAsked,
): Promise<{ readonly id: string; readonly start: LogStart }> {
  const verified = (await listBackups(work, { source, ageMaxMs: 0 })).filter(isVerified);
  for (const backup of verified) {
    const [start] = logStartsIn([backup]);
    if (start && start.at <= at) return { id: backup.id, start };
  }
  const oldest = logStartsIn(verified).at(-1);
  const which = oldest
    ? `The oldest verified backup of ${source} that a log leads on from holds what was there at ${oldest.at}`
    : `No verified backup of ${source} is kept that a log leads on from`;
  throw operationalError('backup-missing', `${which}: nothing leads to ${at}.`);
}

/** As old as it may be. */
function isVerified(backup: ListedBackup): boolean {
  return backup.kind === 'readable' && (backup.state === 'VERIFIED' || backup.state === 'STALE');
}
