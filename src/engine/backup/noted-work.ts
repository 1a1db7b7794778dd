/** What is put into a store is noted before: content without a manifest is none, and takes the room of one. */
import { join } from 'node:path';
import { z } from 'zod';
import { s3PlaceSchema, type S3Place } from '../../core/backup/s3-place.ts';
import type { BlobStore } from '../../platform/blob-store.ts';
import { clearLeftScratch } from '../../platform/noted-scratch.ts';
import { clearLeft, noteOwned } from '../../platform/owned-notes.ts';
import { clearLeftUses } from './backup-uses.ts';
import { keptStore, type StoreAccess } from './kept-store.ts';
import { contentPath, manifestPath, verificationPath, type BackupPlace } from './backup-files.ts';

const schema = z.object({
  source: z.string().min(1),
  id: z.string().min(1),
  /** Where it is put; in the state directory when missing. */
  store: s3PlaceSchema.exactOptional(),
});

export type Noted = <Result>(place: BackupPlace, work: () => Promise<Result>) => Promise<Result>;

/** What it has left is cleared by who comes next, also when it breaks off. */
export function notedIn(stateDirectory: string, store: S3Place | null): Noted {
  return async ({ source, id }, work) => {
    const note = await noteOwned(notesIn(stateDirectory), {
      ...{ source, id },
      ...(store && { store }),
    });
    const result = await work();
    await note.remove();
    return result;
  };
}

/** What those have left that were killed, here and in any store; why something of it could not be cleared. */
export async function clearLeftBackups(access: StoreAccess): Promise<readonly string[]> {
  const { stateDirectory, clock } = access;
  const clear = async ({ store, ...place }: z.output<typeof schema>): Promise<void> =>
    clearPlace(keptStore(store ?? null, access), place);
  return [
    ...(await clearLeftScratch(stateDirectory, clock)),
    ...(await clearLeftUses(stateDirectory, clock)),
    ...(await clearLeft(notesIn(stateDirectory), { schema, clear, clock })),
  ];
}

async function clearPlace(store: BlobStore, place: BackupPlace): Promise<void> {
  const isThere = (await store.list(manifestPath(place))).includes(manifestPath(place));
  if (!isThere) {
    await store.remove(verificationPath(place));
    await store.remove(contentPath(place));
  }
  for (const pathOf of [contentPath, manifestPath, verificationPath]) {
    await store.clear(pathOf(place));
  }
}

function notesIn(stateDirectory: string): string {
  return join(stateDirectory, 'storing');
}
