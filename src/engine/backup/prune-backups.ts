/** Removes what a source keeps beyond what must stay. */
import type { BackupState } from '../../core/backup/backup-state.ts';
import {
  judgeRetention,
  type KeptBackup,
  type Retention,
  type StaysAs,
} from '../../core/backup/retention.ts';
import { OperationalError } from '../../core/operational-error.ts';
import { isSystemError } from '../../platform/is-system-error.ts';
import { contentPath, manifestPath, verificationPath, type BackupPlace } from './backup-files.ts';
import type { KeptWork } from './kept-backups.ts';
import { listBackups } from './list-backups.ts';
import { pruneLog } from './prune-log.ts';
import type { BackupWork } from './take-backup.ts';

export interface PruneAsked {
  readonly source: string;
  readonly keep: Retention;
}

export type Pruned =
  | { readonly id: string; readonly kind: 'goes' }
  | { readonly id: string; readonly kind: 'stays'; readonly as: StaysAs }
  /** Nobody can tell what it holds: who has its key may. */
  | { readonly id: string; readonly kind: 'unreadable'; readonly why: string };

/** Newest first; what `goes` is gone, and what nobody needs of the log without it. */
export function pruneBackups(work: KeptWork, asked: PruneAsked): Promise<readonly Pruned[]> {
  return work.whileNoneBegins(async (isInUse) => {
    const judged = await judge(work, asked, isInUse);
    for (const { id, kind } of judged) {
      if (kind === 'goes') await removeBackup(work, { source: asked.source, id });
    }
    await pruneLog(work, asked.source);
    return judged;
  });
}

/** What would be removed now, and why the others would stay. */
export function prunable(work: KeptWork, asked: PruneAsked): Promise<readonly Pruned[]> {
  return work.whileNoneBegins((isInUse) => judge(work, asked, isInUse));
}

/** Behind one that was taken and verified: it is worth the same when nothing could be removed. */
export async function pruneBehind(
  work: KeptWork,
  { source, keep }: { readonly source: string; readonly keep: Retention | undefined },
  progress: (text: string) => void,
): Promise<void> {
  if (!keep) return;
  try {
    for (const { id, kind } of await pruneBackups(work, { source, keep })) {
      if (kind === 'goes') progress(`${source}: ${id} is not needed any more, and was removed`);
    }
  } catch (error) {
    if (!isSystemError(error) && !(error instanceof OperationalError)) throw error;
    progress(`${source}: what is not needed any more is there yet: ${error.message}`);
  }
}

async function judge(
  work: KeptWork,
  { source, keep }: PruneAsked,
  isInUse: (place: BackupPlace) => boolean,
): Promise<readonly Pruned[]> {
  // Of no importance: fresh or stale, it was verified.
  const listed = await listBackups(work, { source, ageMaxMs: 0 });
  const readable = listed.flatMap((backup): KeptBackup[] => {
    if (backup.kind !== 'readable') return [];
    const { id, manifest, state } = backup;
    const takenAtMs = Date.parse(manifest.takenAt);
    return [{ id, takenAtMs, verification: isPassedIn[state], isInUse: isInUse({ source, id }) }];
  });
  const judged = judgeRetention(readable, keep, work.clock.wallMs());
  const staysAs = new Map(judged.map((each) => [each.id, each.staysAs]));
  return listed.map(({ id, ...backup }): Pruned => {
    if (backup.kind === 'unreadable') return { id, ...backup };
    const as = staysAs.get(id) ?? null;
    return as === null ? { id, kind: 'goes' } : { id, kind: 'stays', as };
  });
}

const isPassedIn: Readonly<Record<BackupState, KeptBackup['verification']>> = {
  TAKEN: null,
  VERIFIED: { isPassed: true },
  STALE: { isPassed: true },
  FAILED: { isPassed: false },
};

/** What is without its manifest is none; who comes next clears it when this one is killed. */
function removeBackup({ store, noted }: BackupWork, place: BackupPlace): Promise<void> {
  return noted(place, async () => {
    await store.remove(manifestPath(place));
    await store.remove(verificationPath(place));
    await store.remove(contentPath(place));
  });
}
