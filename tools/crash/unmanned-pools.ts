/** Pools that get requests while none of their processes lives. */
import type { SeenPool, SeenRouting } from './read-routing.ts';

export interface PoolLook {
  /** Null while it cannot be read. */
  readonly readAgain: () => Promise<SeenRouting | null>;
  readonly hasProcess: (pool: string) => Promise<boolean>;
}

/** Names a pool when two looks agree: between two reads one may lose its weight and be stopped. */
export async function unmannedPools(
  seen: SeenRouting,
  { readAgain, hasProcess }: PoolLook,
): Promise<readonly SeenPool[]> {
  const suspects = await unmannedIn(seen, hasProcess);
  if (suspects.length === 0) return [];
  const again = await readAgain();
  const unmanned = again ? await unmannedIn(again, hasProcess) : [];
  return unmanned.filter(({ pool }) => suspects.some((suspect) => suspect.pool === pool));
}

async function unmannedIn(
  { pools }: SeenRouting,
  hasProcess: PoolLook['hasProcess'],
): Promise<readonly SeenPool[]> {
  const weighted = pools.filter(({ weight }) => weight > 0);
  const manned = await Promise.all(weighted.map(({ pool }) => hasProcess(pool)));
  return weighted.filter((_, index) => !manned[index]);
}
