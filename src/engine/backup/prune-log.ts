/** Removes the segments of a log that none of the backups needs which are kept. */
import { needlessSegments } from '../../core/backup/log-course.ts';
import { contentPath, logSource, manifestPath } from './backup-files.ts';
import type { KeptWork } from './kept-backups.ts';
import { keptSegments, logStartsIn } from './kept-log.ts';
import { listBackups } from './list-backups.ts';

/** How many. The oldest first: what is left when it is killed has no hole. */
export async function pruneLog(work: KeptWork, source: string): Promise<number> {
  const kept = await keptSegments(work, source);
  if (kept.length === 0) return 0;
  const listed = await listBackups(work, { source, ageMaxMs: 0 });
  // Nobody knows from where on one needs it that cannot be read.
  if (listed.some(({ kind }) => kind === 'unreadable')) return 0;
  const starts = logStartsIn(listed).map(({ after }) => after);
  const needless = needlessSegments(kept, starts);
  for (const id of needless) {
    const place = { source: logSource(source), id };
    await work.noted(place, async () => {
      await work.store.remove(manifestPath(place));
      await work.store.remove(contentPath(place));
    });
  }
  return needless.length;
}
