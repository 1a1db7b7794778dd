/** Takes a backup: streamed from its driver through encryption into its store, in the memory of a few pieces. */
import { randomBytes } from 'node:crypto';
import { invariant } from '../../core/invariant.ts';
import { OperationalError } from '../../core/operational-error.ts';
import type { Backup, Taken } from '../../drivers/contract.ts';
import { isSystemError } from '../../platform/is-system-error.ts';
import { unverifiableBy } from '../../platform/unverifiable-by.ts';
import type { BlobStore } from '../../platform/blob-store.ts';
import { KEY_BYTES } from '../../platform/chunk-cipher.ts';
import type { Clock } from '../../platform/clock.ts';
import { encryptStream } from '../../platform/encrypted-stream.ts';
import { measureStream, type Measure } from '../../platform/measured-stream.ts';
import { putText } from '../../platform/text-blobs.ts';
import { contentPath, manifestPath, type BackupPlace } from './backup-files.ts';
import { wrapKey, type KeyRing } from './key-ring.ts';
import type { Noted } from './noted-work.ts';
import type { Using } from './backup-uses.ts';
import { backupContext, sealManifest, type BackupManifest } from './manifest.ts';

export interface BackupWork {
  readonly backup: Backup;
  readonly store: BlobStore;
  readonly ring: KeyRing;
  readonly clock: Clock;
  /** Has it cleared by who comes next what work leaves in the store when it is killed. */
  readonly noted: Noted;
  /** Nobody removes it meanwhile. */
  readonly using: Using;
  /** Ends it; nothing is left then. */
  readonly signal: AbortSignal;
}

/** Resolves when all of it survives a crash. A crash before leaves something without a manifest, which is none. */
export function takeBackup(work: BackupWork, of: TakenOf): Promise<BackupManifest> {
  return work.noted(of, () => takeNow(work, of));
}

type TakenOf = BackupPlace & { readonly driver: string };

async function takeNow(work: BackupWork, of: TakenOf): Promise<BackupManifest> {
  const { backup, store, ring, clock, signal } = work;
  const { id, source, driver } = of;
  const context = backupContext(of);
  const key = randomBytes(KEY_BYTES);
  const wrapped = wrapKey(ring, key, context);
  // What it holds is at least as new.
  const takenAt = new Date(clock.wallMs()).toISOString();
  const taken = await backup.take({ signal });
  try {
    const { plain, sealed } = await storeContent(store, taken, { of, key, context });
    const parts = [...(await taken.parts())];
    const manifest: BackupManifest = {
      ...{ format: 1, id, source, driver, takenAt, server: taken.server },
      ...{ plain, sealed, key: wrapped, parts },
    };
    signal.throwIfAborted();
    await putText(store, manifestPath(of), sealManifest(manifest, key));
    return manifest;
  } catch (error) {
    await removeFailed(store, of);
    throw unverifiableBy(error);
  } finally {
    await taken.close();
  }
}

/** Also a manifest whose answer was lost: whatever has one counts, so that it goes first. */
async function removeFailed(store: BlobStore, of: BackupPlace): Promise<void> {
  try {
    await store.remove(manifestPath(of));
    await store.remove(contentPath(of));
  } catch (error) {
    // What it has failed for says more, and its note has what is left cleared.
    if (!isSystemError(error) && !(error instanceof OperationalError)) throw error;
  }
}

async function storeContent(
  store: BlobStore,
  taken: Taken,
  {
    of,
    key,
    context,
  }: { readonly of: BackupPlace; readonly key: Buffer; readonly context: string },
): Promise<{ readonly plain: Measure; readonly sealed: Measure }> {
  const plain = measureStream(taken.content);
  const sealed = measureStream(encryptStream(plain.stream, { key, context }));
  await store.put(contentPath(of), sealed.stream);
  const [ofPlain, ofSealed] = [plain.measure(), sealed.measure()];
  invariant(ofPlain && ofSealed, 'a store reads what it keeps to its end');
  return { plain: ofPlain, sealed: ofSealed };
}
