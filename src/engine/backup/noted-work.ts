/** What is put into a store is noted before: content without a manifest is none, and takes the room of one. */
import { join } from 'node:path';
import { z } from 'zod';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import { clearLeftScratch } from '../../platform/noted-scratch.ts';
import { clearLeft, noteOwned } from '../../platform/owned-notes.ts';
import { clearLeftUses } from './backup-uses.ts';
import { contentPath, manifestPath, verificationPath, type BackupPlace } from './backup-files.ts';

const schema = z.object({ source: z.string().min(1), id: z.string().min(1) });

export type Noted = <Result>(place: BackupPlace, work: () => Promise<Result>) => Promise<Result>;

/** What it has left is cleared by who comes next, also when it breaks off. */
export function notedIn(stateDirectory: string): Noted {
  return async ({ source, id }, work) => {
    const note = await noteOwned(notesIn(stateDirectory), { source, id });
    const result = await work();
    await note.remove();
    return result;
  };
}

export interface LeftBackups {
  readonly store: BlobStore;
  readonly stateDirectory: string;
  readonly clock: Clock;
}

/** What those have left that were killed, here and in the store; why something of it could not be cleared. */
export async function clearLeftBackups(left: LeftBackups): Promise<readonly string[]> {
  const { store, stateDirectory, clock } = left;
  const clear = (place: BackupPlace): Promise<void> => clearPlace(store, place);
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
