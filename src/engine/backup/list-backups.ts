/** What is kept of a source, and what each of it is worth. */
import { backupState, type BackupState } from '../../core/backup/backup-state.ts';
import type { Criterion } from '../../core/validation/criterion.ts';
import { OperationalError } from '../../core/operational-error.ts';
import type { BlobStore } from '../../platform/blob-store.ts';
import { readBlobText } from '../../platform/text-blobs.ts';
import { contentPath, MANIFEST, verificationPath } from './backup-files.ts';
import { openVerification, type BackupManifest, type OpenBackup } from './manifest.ts';
import { openBackup } from './open-backup.ts';
import type { BackupWork } from './take-backup.ts';

export type ListedBackup =
  | {
      readonly kind: 'readable';
      readonly id: string;
      readonly state: BackupState;
      readonly manifest: BackupManifest;
      /** RFC 3339; null of one that nobody has tried out. */
      readonly verifiedAt: string | null;
      /** RFC 3339: until when what it holds is young enough; null of one that has not passed, or is so for ever. */
      readonly countsUntil: string | null;
      /** What its last verification has shown; none of one that nobody has tried out. */
      readonly criteria: readonly Criterion[];
      /** The last words of the application's probe; null where none was asked. */
      readonly said: string | null;
      /** RFC 3339: up to then the log leads on from it. Missing where it does not, or nobody has asked. */
      readonly logUntil?: string;
    }
  /** What lies there is none, or its key is missing. */
  | { readonly kind: 'unreadable'; readonly id: string; readonly why: string };

/** Of those that have a manifest; newest first. */
export async function backupIds(store: BlobStore, source: string): Promise<readonly string[]> {
  const paths = await store.list(`${source}/`);
  return paths
    .map((path) => path.slice(source.length + 1).split('/'))
    .flatMap(([id = '', file, ...rest]) => (file === MANIFEST && rest.length === 0 ? [id] : []))
    .sort()
    .reverse();
}

/** Newest first. */
export async function listBackups(
  work: Pick<BackupWork, 'store' | 'ring' | 'clock'>,
  { source, ageMaxMs }: { readonly source: string; readonly ageMaxMs: number },
): Promise<readonly ListedBackup[]> {
  const contents = new Set(await work.store.list(`${source}/`));
  const listed: ListedBackup[] = [];
  for (const id of await backupIds(work.store, source)) {
    const place = { source, id };
    const hasContent = contents.has(contentPath(place));
    const why = 'Its content is not there.';
    listed.push(hasContent ? await look(work, place, ageMaxMs) : { kind: 'unreadable', id, why });
  }
  return listed;
}

async function look(
  work: Pick<BackupWork, 'store' | 'ring' | 'clock'>,
  place: { readonly source: string; readonly id: string },
  ageMaxMs: number,
): Promise<ListedBackup> {
  const { id } = place;
  try {
    const open = await openBackup(work, place);
    const verification = await verificationOf(work, open);
    const takenAtMs = Date.parse(open.manifest.takenAt);
    const at = { nowMs: work.clock.wallMs(), ageMaxMs };
    return {
      ...{ kind: 'readable', id, manifest: open.manifest },
      state: backupState({ takenAtMs, verification }, at),
      verifiedAt: verification?.endedAt ?? null,
      ...{ criteria: verification?.criteria ?? [], said: verification?.said ?? null },
      countsUntil: verification?.isPassed ? timeAt(takenAtMs + ageMaxMs) : null,
    };
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    return { kind: 'unreadable', id, why: error.message };
  }
}

/** Null of what never comes. */
function timeAt(ms: number): string | null {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}

/** Null when nobody has tried it out. */
async function verificationOf({ store }: Pick<BackupWork, 'store'>, open: OpenBackup) {
  try {
    return openVerification(await readBlobText(store, verificationPath(open.manifest)), open);
  } catch (error) {
    const isNone = error instanceof OperationalError && error.failure.code === 'backup-missing';
    if (isNone) return null;
    throw error;
  }
}
