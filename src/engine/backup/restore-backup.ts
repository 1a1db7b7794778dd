/** Brings a backup back beside what it was taken of, and never over it. */
import { damagedBackup } from '../../core/backup/damaged-backup.ts';
import { OperationalError } from '../../core/operational-error.ts';
import type { Restored } from '../../drivers/contract.ts';
import { throwUnverifiable } from '../../platform/unverifiable-by.ts';
import { decryptStream } from '../../platform/encrypted-stream.ts';
import { measureStream, type Measure } from '../../platform/measured-stream.ts';
import { contentPath } from './backup-files.ts';
import { backupContext, type OpenBackup } from './manifest.ts';
import type { BackupWork } from './take-backup.ts';

/** Into a place of its own. Throws `backup-damaged` unless every byte is what was taken; nothing is left then. */
export function restoreBackup(work: BackupWork, open: OpenBackup): Promise<Restored> {
  return work.using(open.manifest, () => restoreNow(work, open));
}

function restoreNow(work: BackupWork, open: OpenBackup): Promise<Restored> {
  const { backup, signal } = work;
  return restoredBy(work, open, (content) => backup.restore(content, { signal }));
}

/** Whatever makes something of the content. */
export async function restoredBy<Made extends Pick<Restored, 'remove'>>(
  work: Pick<BackupWork, 'store'>,
  open: OpenBackup,
  restore: (content: AsyncIterable<Uint8Array>) => Promise<Made>,
): Promise<Made> {
  const { stream, isWhole } = openContent(work, open);
  const restored = await restore(stream).catch(throwUnverifiable);
  if (isWhole()) return restored;
  await restored.remove();
  throw damagedBackup('Its content is not what its manifest says');
}

/** Throws `backup-damaged` at the latest in the end: who has come there has what was kept. */
export async function* wholeContent(
  work: Pick<BackupWork, 'store'>,
  open: OpenBackup,
): AsyncGenerator<Uint8Array> {
  const { source, id } = open.manifest;
  const { stream, isWhole } = openContent(work, open);
  try {
    yield* stream;
  } catch (error) {
    const isGone = error instanceof OperationalError && error.failure.code === 'backup-missing';
    throw isGone ? damagedBackup(`The content of ${source}/${id} is not there`, error) : error;
  }
  if (!isWhole()) throw damagedBackup(`The content of ${source}/${id} is not what was kept`);
}

function openContent(
  { store }: Pick<BackupWork, 'store'>,
  { manifest, key }: OpenBackup,
): { readonly stream: AsyncIterable<Uint8Array>; readonly isWhole: () => boolean } {
  const sealed = measureStream(store.get(contentPath(manifest)));
  const context = backupContext(manifest);
  const plain = measureStream(decryptStream(sealed.stream, { key, context }));
  return {
    stream: plain.stream,
    isWhole: () =>
      isSame(sealed.measure(), manifest.sealed) && isSame(plain.measure(), manifest.plain),
  };
}

function isSame(found: Measure | null, said: { readonly bytes: number; readonly digest: string }) {
  return found?.bytes === said.bytes && found.digest === said.digest;
}
