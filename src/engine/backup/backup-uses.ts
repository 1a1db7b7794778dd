/** Who restores a backup or tries it out says so meanwhile, in whatever process, so that nobody removes it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import { withFileLock } from '../../platform/file-lock.ts';
import { clearLeft, livingNotes, noteOwned } from '../../platform/owned-notes.ts';
import type { BackupPlace } from './backup-files.ts';

export type Using = <Result>(place: BackupPlace, work: () => Promise<Result>) => Promise<Result>;

export interface BackupUses {
  readonly using: Using;
  /** Nobody begins to use one while `work` runs; it gets those that are used already. */
  readonly whileNoneBegins: <Result>(
    work: (isInUse: (place: BackupPlace) => boolean) => Promise<Result>,
  ) => Promise<Result>;
}

const schema = z.object({ source: z.string().min(1), id: z.string().min(1) });
/** Longer than it takes to look through all of a source. */
const LOCK_WAIT_MS = 120_000;

/** The uses of those that were killed are over; why one could not be cleared. */
export function clearLeftUses(stateDirectory: string, clock: Clock): Promise<readonly string[]> {
  return clearLeft(usesOf(stateDirectory), { schema, clear: () => Promise.resolve(), clock });
}

function usesOf(stateDirectory: string): string {
  return join(stateDirectory, 'using');
}

export function usesIn(stateDirectory: string, clock: Clock): BackupUses {
  const folder = usesOf(stateDirectory);
  const alone = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return withFileLock(join(folder, 'begins.lock'), { waitMs: LOCK_WAIT_MS, clock }, work);
  };
  return {
    async using({ source, id }, work) {
      const note = await alone(() => noteOwned(folder, { source, id }));
      try {
        return await work();
      } finally {
        await note.remove();
      }
    },
    async whileNoneBegins(work) {
      await clearLeftUses(stateDirectory, clock);
      return alone(async () => {
        const used = await livingNotes(folder, schema);
        return work((place) =>
          used.some(({ source, id }) => source === place.source && id === place.id),
        );
      });
    },
  };
}
