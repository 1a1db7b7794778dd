/** What a pool carries at this moment, and which of its instances say nothing or get nothing. */
import type { FencingToken } from '../core/model/fencing-token.ts';
import type { PoolLoad } from '../core/routing/routing-observation.ts';
import { unheardOf } from '../core/routing/unheard-of.ts';
import { ejectedOf, type LivePool } from './live-pool.ts';

/** `inForce`: the token of the split, which a renewed lease does not change. */
export function loadOf(pool: LivePool, inForce: FencingToken, nowNs: bigint): PoolLoad {
  const oldest = pool.waiting.first;
  return {
    pool: pool.id,
    inFlight: pool.inFlight,
    oldestWaitingMs: oldest === null ? 0 : Math.max(0, Number(nowNs - oldest.waitingSinceNs) / 1e6),
    ejected: ejectedOf(pool).map(({ instance }) => instance),
    unheard: unheardOf(pool.endpoints, inForce),
  };
}
