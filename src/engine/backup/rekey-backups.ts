/** Has the backups of a source open by the newest key: their own keys are wrapped anew, and their content stays as it is. */
import { OperationalError } from '../../core/operational-error.ts';
import { putText, readBlobText } from '../../platform/text-blobs.ts';
import { MANIFEST, manifestPath, type BackupPlace } from './backup-files.ts';
import { wrapKey } from './key-ring.ts';
import { backupIds } from './list-backups.ts';
import { backupContext, keyNamedIn, sealManifest } from './manifest.ts';
import { openBackup } from './open-backup.ts';
import type { BackupWork } from './take-backup.ts';

export type Rekeyed =
  | { readonly id: string; readonly kind: 'rewrapped'; readonly from: string }
  /** It opened by the newest before. */
  | { readonly id: string; readonly kind: 'unchanged' }
  /** It is as it was. */
  | { readonly id: string; readonly kind: 'unreadable'; readonly why: string };

/** Newest first. Each opens by its old key or by the new one at any moment; again does what is left. */
export async function rekeyBackups(work: BackupWork, source: string): Promise<readonly Rekeyed[]> {
  const rekeyed: Rekeyed[] = [];
  for (const id of await backupIds(work.store, source)) {
    work.signal.throwIfAborted();
    rekeyed.push(await work.using({ source, id }, () => rekey(work, { source, id })));
  }
  return rekeyed;
}

async function rekey(work: BackupWork, place: BackupPlace): Promise<Rekeyed> {
  const { store, ring } = work;
  const { id } = place;
  try {
    const { manifest, key } = await openBackup(work, place);
    const from = manifest.key.by;
    if (from === ring.keys[0]?.id) return { id, kind: 'unchanged' };
    const wrapped = wrapKey(ring, key, backupContext(manifest));
    // By the backup's own key as before: its verification stays one of it.
    const text = sealManifest({ ...manifest, key: wrapped }, key);
    await work.noted(place, () => putText(store, manifestPath(place), text));
    return { id, kind: 'rewrapped', from };
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    return { id, kind: 'unreadable', why: error.message };
  }
}

export interface KeyNeed {
  readonly key: string;
  /** How many backups of each source open by it. */
  readonly neededBy: Readonly<Record<string, number>>;
}

/** Of all sources: who has removed a key cannot open any of them by it. */
export async function keyNeeds({
  store,
  ring,
}: Pick<BackupWork, 'store' | 'ring'>): Promise<readonly KeyNeed[]> {
  const named: { readonly key: string | null; readonly source: string }[] = [];
  for (const path of await store.list('')) {
    const folders = path.split('/');
    if (folders.pop() !== MANIFEST) continue;
    const source = folders.slice(0, -1).join('/');
    named.push({ key: keyNamedIn(await readBlobText(store, path)), source });
  }
  return ring.keys.map(({ id: key }) => {
    const sources = named.flatMap((each) => (each.key === key ? [each.source] : []));
    const counts = Map.groupBy(sources, (source) => source);
    return {
      key,
      neededBy: Object.fromEntries([...counts].map(([source, all]) => [source, all.length])),
    };
  });
}
