/** An empty PostgreSQL in a temporary folder, for one preview and nobody else. */
import { chmod, mkdir } from 'node:fs/promises';
import type { Clock } from '../../platform/clock.ts';
import { ensurePostgres } from '../../platform/ensure-postgres.ts';
import { removeFolder } from '../../platform/remove-folder.ts';
import { stateDirectoryAt } from '../../platform/state-directory.ts';
import { removePostgres } from '../../platform/stop-postgres.ts';

export interface ScratchDatabase {
  readonly url: string;
  /** With all that is in it. */
  readonly remove: () => Promise<void>;
}

/** `folder` is made. */
export async function openScratchDatabase(
  folder: string,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<ScratchDatabase> {
  await mkdir(folder, { mode: 0o700 });
  // To be walked through by the user that root gives it to.
  await chmod(folder, 0o711);
  const directory = stateDirectoryAt(folder);
  const remove = (): Promise<void> => removeScratchDatabase(folder);
  try {
    const { connectionString } = await ensurePostgres(directory, { clock, signal });
    return { url: connectionString, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Nothing is done where there is none, as of a preview that was killed before it had one. */
export async function removeScratchDatabase(folder: string): Promise<void> {
  await removePostgres(stateDirectoryAt(folder));
  await removeFolder(folder);
}
