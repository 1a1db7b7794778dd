/** The segments that lead from a backup to a moment: each is what was kept, and follows the one before it. */
import { damagedBackup } from '../../core/backup/damaged-backup.ts';
import { runBehind } from '../../core/backup/log-course.ts';
import { segmentBehind } from '../../core/backup/log-segment-id.ts';
import { OperationalError, operationalError } from '../../core/operational-error.ts';
import type { LogSegment, LogStart } from '../../drivers/contract.ts';
import { logSource } from './backup-files.ts';
import { keptSegments, type LogWork } from './kept-log.ts';
import type { OpenBackup } from './manifest.ts';
import { openBackup } from './open-backup.ts';
import { wholeContent } from './restore-backup.ts';

export interface MomentOf {
  readonly source: string;
  readonly start: LogStart;
  /** RFC 3339. */
  readonly at: string;
}

/** Throws `backup-missing` when what is kept does not reach so far, `backup-damaged` where something of it is gone or wrong. */
export async function momentSegments(
  work: LogWork,
  { source, start, at }: MomentOf,
): Promise<readonly OpenBackup[]> {
  const kept = await keptSegments(work, source);
  const segments: OpenBackup[] = [];
  let reach: string | null = null;
  for (const id of runBehind(kept, start.after)) {
    const segment = await openSegment(work, { source, id, before: segments.at(-1) });
    segments.push(segment);
    reach = segment.manifest.segment?.until ?? reach;
    if (reach !== null && reach > at) return segments;
  }
  const last = segments.at(-1)?.manifest.id ?? start.after;
  await refuseHole(work, { source, kept, last });
  const until = reach !== null && reach > start.at ? `only until ${reach}` : 'no further than that';
  const message = `The log behind the backup of ${start.at} reaches ${until}.`;
  throw operationalError('backup-missing', message);
}

async function openSegment(
  work: LogWork,
  {
    source,
    id,
    before,
  }: { readonly source: string; readonly id: string; readonly before: OpenBackup | undefined },
): Promise<OpenBackup> {
  const segment = await openBackup(work, { source: logSource(source), id }).catch(goneIsDamaged);
  const said = segment.manifest.segment;
  if (!said) throw damagedBackup(`${id} is no segment of a log`);
  if (!before) return segment;
  const { id: idBefore, sealed } = before.manifest;
  if (said.follows?.id === idBefore && said.follows.digest === sealed.digest) return segment;
  throw damagedBackup(`The segment ${id} of its log does not follow ${idBefore} as that is kept`);
}

/** A log that begins anew behind a gap follows nothing; one of which a segment was removed follows that. */
async function refuseHole(
  work: LogWork,
  {
    source,
    kept,
    last,
  }: { readonly source: string; readonly kept: readonly string[]; readonly last: string },
): Promise<void> {
  const missing = segmentBehind(last);
  for (const id of kept.filter((other) => other > last)) {
    const { manifest } = await openBackup(work, { source: logSource(source), id }).catch(
      goneIsDamaged,
    );
    const follows = manifest.segment?.follows?.id;
    if (follows === undefined) return;
    if (!kept.includes(follows)) {
      throw damagedBackup(`The segment ${missing ?? follows} of its log is not there`);
    }
  }
}

export async function* segmentContents(
  work: LogWork,
  segments: readonly OpenBackup[],
): AsyncGenerator<LogSegment> {
  for (const segment of segments) {
    const content = (): AsyncIterable<Uint8Array> => wholeContent(work, segment);
    yield await Promise.resolve({ id: segment.manifest.id, content });
  }
}

function goneIsDamaged(error: unknown): never {
  const isGone = error instanceof OperationalError && error.failure.code === 'backup-missing';
  throw isGone ? damagedBackup(`A part of its log is gone: ${error.message}`, error) : error;
}
