/** Keeps what a server has written since the last time, beside the backups: sealed as they are, each chained to the one before. */
import { createHash } from 'node:crypto';
import { logCourse } from '../../core/backup/log-course.ts';
import { operationalError } from '../../core/operational-error.ts';
import type { BackupLog, LogSegment, OpenLog } from '../../drivers/contract.ts';
import { throwUnverifiable } from '../../platform/unverifiable-by.ts';
import { logSource } from './backup-files.ts';
import type { KeptWork } from './kept-backups.ts';
import { keptSegments, logStartsIn, readableSegment } from './kept-log.ts';
import { listBackups } from './list-backups.ts';
import type { BackupManifest } from './manifest.ts';
import { storeSealed } from './store-sealed.ts';

export interface LogOf {
  /** Of the backups. */
  readonly source: string;
  readonly driver: string;
}

export interface CopiedLog {
  readonly segments: number;
  /** RFC 3339, by the server's clock: what had ended by then is kept. */
  readonly until: string;
  /** It begins anew: no backup from before leads over to it. */
  readonly isNew: boolean;
}

type Follows = NonNullable<BackupManifest['segment']>['follows'];

/**
 * The server forgets only what is kept, so that again is as once, also after a crash in the middle. Throws `backup-unverifiable`
 * where something is missing in between, until another backup is taken.
 */
export function copyLog(work: KeptWork, of: LogOf): Promise<CopiedLog> {
  return work.loggingAlone(() => copyNow(work, of)).catch(throwUnverifiable);
}

/** The server keeps nothing for it any more; what was kept stays. False when it did not. */
export function endLog(work: KeptWork, { source }: Pick<LogOf, 'source'>): Promise<boolean> {
  const { signal } = work;
  return work
    .loggingAlone(() => logOf(work).end(holderOf(source), { signal }))
    .catch(throwUnverifiable);
}

async function copyNow(work: KeptWork, of: LogOf): Promise<CopiedLog> {
  const { signal } = work;
  const open = await logOf(work).open(holderOf(of.source), { signal });
  try {
    const course = await courseOf(work, of, open);
    let { follows } = course;
    const wanted = open.segments.filter(({ id }) => course.segments.includes(id));
    for (const segment of wanted) {
      signal.throwIfAborted();
      const until = segment === wanted.at(-1) ? open.until : null;
      follows = await keepSegment(work, { ...of, server: open.server, segment, follows, until });
    }
    if (follows) await open.release(follows.id);
    const isNew = course.follows === null;
    return { segments: wanted.length, until: open.until, isNew };
  } finally {
    await open.close();
  }
}

interface Course {
  readonly segments: readonly string[];
  readonly follows: Follows;
}

async function courseOf(work: KeptWork, { source }: LogOf, open: OpenLog): Promise<Course> {
  const there = open.segments.map(({ id }) => id);
  const kept = await keptSegments(work, source);
  const unreadable = new Set<string>();
  let course = logCourse(there, { kept, unreadable, starts: [] });
  while (course.kind === 'on' && course.follows !== null) {
    const { segments, follows: id } = course;
    const before = await readableSegment(work, source, id);
    if (before) return { segments, follows: { id, digest: before.manifest.sealed.digest } };
    unreadable.add(id);
    course = logCourse(there, { kept, unreadable, starts: [] });
  }
  const listed = await listBackups(work, { source, ageMaxMs: 0 });
  const starts = logStartsIn(listed).map(({ after }) => after);
  course = logCourse(there, { kept, unreadable, starts });
  if (course.kind === 'on') return { segments: course.segments, follows: null };
  const message = `The log of ${source} is kept up to ${course.last}, and what follows that is not there any more, or cannot follow it. Take another backup: from there on it is kept again.`;
  throw operationalError('backup-unverifiable', message);
}

async function keepSegment(
  work: KeptWork,
  of: LogOf & {
    readonly server: string;
    readonly segment: LogSegment;
    readonly follows: Follows;
    readonly until: string | null;
  },
): Promise<NonNullable<Follows>> {
  const { source, driver, server, segment, follows, until } = of;
  const { id } = segment;
  const place = { source: logSource(source), id };
  const takenAt = new Date(work.clock.wallMs()).toISOString();
  const described = { driver, takenAt, server, parts: [], segment: { follows, until } };
  const { sealed } = await work.noted(place, () =>
    storeSealed(work, place, { content: segment.content(), describe: () => described }),
  );
  return { id, digest: sealed.digest };
}

function logOf({ backup }: Pick<KeptWork, 'backup'>): BackupLog {
  if (backup.log) return backup.log;
  const message = 'No log is kept of this backup: its driver has none. That of pg-base has.';
  throw operationalError('config-invalid', message);
}

/** The same wherever it is asked for: a machine that replaces a lost one goes on. */
function holderOf(source: string): string {
  return `surefoot_log_${createHash('sha256').update(source).digest('hex').slice(0, 16)}`;
}
