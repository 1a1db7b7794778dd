/** An empty PostgreSQL in a temporary folder, for one preview and nobody else. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { ensurePostgres } from '../../platform/ensure-postgres.ts';
import { stateDirectoryAt } from '../../platform/state-directory.ts';
import { removePostgres } from '../../platform/stop-postgres.ts';

export interface ScratchDatabase {
  readonly url: string;
  /** With all that is in it. */
  readonly remove: () => Promise<void>;
}

export async function openScratchDatabase({
  clock,
  signal,
}: {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<ScratchDatabase> {
  // Short, since its socket lies below; and to be walked through by the user that root gives it to.
  const folder = await mkdtemp(join(tmpdir(), 'sf-db-'));
  await chmod(folder, 0o711);
  const directory = stateDirectoryAt(folder);
  const remove = async (): Promise<void> => {
    await removePostgres(directory);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const { connectionString } = await ensurePostgres(directory, { clock, signal });
    return { url: connectionString, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
