/** The segments of a log that are kept: where backups lead over to them, and how far they reach. */
import { runBehind } from '../../core/backup/log-course.ts';
import { OperationalError } from '../../core/operational-error.ts';
import type { LogStart } from '../../drivers/contract.ts';
import { logSource } from './backup-files.ts';
import { backupIds, type ListedBackup } from './list-backups.ts';
import type { OpenBackup } from './manifest.ts';
import { openBackup } from './open-backup.ts';
import type { BackupWork } from './take-backup.ts';

const UNREADABLE: ReadonlySet<string> = new Set([
  'backup-damaged',
  'backup-missing',
  'backup-key-missing',
]);

export type LogWork = Pick<BackupWork, 'store' | 'ring'>;

/** In the order of their names. */
export async function keptSegments(
  { store }: Pick<LogWork, 'store'>,
  source: string,
): Promise<readonly string[]> {
  return (await backupIds(store, logSource(source))).toReversed();
}

/** Null of what cannot be read. */
export async function readableSegment(
  work: LogWork,
  source: string,
  id: string,
): Promise<OpenBackup | null> {
  try {
    return await openBackup(work, { source: logSource(source), id });
  } catch (error) {
    if (error instanceof OperationalError && UNREADABLE.has(error.failure.code)) return null;
    throw error;
  }
}

export function logStartsIn(listed: readonly ListedBackup[]): readonly LogStart[] {
  return listed.flatMap((backup) =>
    backup.kind === 'readable' ? (backup.manifest.logStart ?? []) : [],
  );
}

/**
 * Until when the log leads on from each start, as its segments say; no more than that is read of them. Missing of a start
 * that nothing follows.
 */
async function logReaches(
  work: LogWork,
  source: string,
  starts: readonly LogStart[],
): Promise<ReadonlyMap<string, string>> {
  const reaches = new Map<string, string>();
  if (starts.length === 0) return reaches;
  const kept = await keptSegments(work, source);
  const ofEnds = new Map<string, string | null>();
  for (const { after, at } of starts) {
    const run = runBehind(kept, after);
    const end = run.at(-1);
    if (end === undefined) continue;
    const until = ofEnds.get(end) ?? (await untilOf(work, source, run));
    ofEnds.set(end, until);
    if (until !== null && until > at) reaches.set(after, until);
  }
  return reaches;
}

/** With how far the log leads on from each. */
export async function withLogReach(
  work: LogWork,
  source: string,
  listed: readonly ListedBackup[],
): Promise<readonly ListedBackup[]> {
  const reaches = await logReaches(work, source, logStartsIn(listed));
  return listed.map((backup) => {
    if (backup.kind !== 'readable') return backup;
    const logUntil = reaches.get(backup.manifest.logStart?.after ?? '');
    return logUntil === undefined ? backup : { ...backup, logUntil };
  });
}

/** Said by the last of each that was kept at once. */
async function untilOf(
  work: LogWork,
  source: string,
  run: readonly string[],
): Promise<string | null> {
  for (const id of run.toReversed()) {
    const until = (await readableSegment(work, source, id))?.manifest.segment?.until;
    if (typeof until === 'string') return until;
  }
  return null;
}
