/** Puts content into a store, sealed by a key of its own. It is there when its manifest is: that is written last. */
import { randomBytes } from 'node:crypto';
import { invariant } from '../../core/invariant.ts';
import { OperationalError } from '../../core/operational-error.ts';
import type { BlobStore } from '../../platform/blob-store.ts';
import { KEY_BYTES } from '../../platform/chunk-cipher.ts';
import { encryptStream, type StreamKey } from '../../platform/encrypted-stream.ts';
import { isSystemError } from '../../platform/is-system-error.ts';
import { measureStream, type Measure } from '../../platform/measured-stream.ts';
import { putText } from '../../platform/text-blobs.ts';
import { unverifiableBy } from '../../platform/unverifiable-by.ts';
import { contentPath, manifestPath, type BackupPlace } from './backup-files.ts';
import { wrapKey } from './key-ring.ts';
import { backupContext, sealManifest, type BackupManifest } from './manifest.ts';
import type { BackupWork } from './take-backup.ts';

/** All that storing it does not say itself. */
export type Described = Omit<
  BackupManifest,
  'format' | 'id' | 'source' | 'plain' | 'sealed' | 'key'
>;

export interface Sealing {
  readonly content: AsyncIterable<Uint8Array>;
  /** Asked for when the content was read. */
  readonly describe: () => Described | Promise<Described>;
}

/** Resolves when all of it survives a crash; when it fails nothing is left. The caller notes it. */
export async function storeSealed(
  { store, ring, signal }: Pick<BackupWork, 'store' | 'ring' | 'signal'>,
  of: BackupPlace,
  { content, describe }: Sealing,
): Promise<BackupManifest> {
  const { id, source } = of;
  const context = backupContext(of);
  const key = randomBytes(KEY_BYTES);
  const wrapped = wrapKey(ring, key, context);
  try {
    const { plain, sealed } = await storeContent(store, of, { content, by: { key, context } });
    const described = await describe();
    const manifest: BackupManifest = {
      ...{ format: 1, id, source, ...described },
      ...{ plain, sealed, key: wrapped },
    };
    signal.throwIfAborted();
    await putText(store, manifestPath(of), sealManifest(manifest, key));
    return manifest;
  } catch (error) {
    await removeFailed(store, of);
    throw unverifiableBy(error);
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
  of: BackupPlace,
  { content, by }: { readonly content: AsyncIterable<Uint8Array>; readonly by: StreamKey },
): Promise<{ readonly plain: Measure; readonly sealed: Measure }> {
  const plain = measureStream(content);
  const sealed = measureStream(encryptStream(plain.stream, by));
  await store.put(contentPath(of), sealed.stream);
  const [ofPlain, ofSealed] = [plain.measure(), sealed.measure()];
  invariant(ofPlain && ofSealed, 'a store reads what it keeps to its end');
  return { plain: ofPlain, sealed: ofSealed };
}
