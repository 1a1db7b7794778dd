/** What a pool carries at this moment, what its instances have answered, and which of them get nothing. */
import type { FencingToken } from '../core/model/fencing-token.ts';
import { answersUnder } from '../core/routing/answers-of-instance.ts';
import type { PoolLoad } from '../core/routing/routing-observation.ts';
import { ejectedOf, type LivePool } from './live-pool.ts';

/** `inForce`: the token of the split, which a renewed lease does not change. */
export function loadOf(pool: LivePool, inForce: FencingToken, nowNs: bigint): PoolLoad {
  const oldest = pool.waiting.first;
  return {
    pool: pool.id,
    inFlight: pool.inFlight,
    oldestWaitingMs: oldest === null ? 0 : Math.max(0, Number(nowNs - oldest.waitingSinceNs) / 1e6),
    ejected: ejectedOf(pool).map(({ instance }) => instance),
    answered: pool.endpoints.map(({ instance, answers }) => [
      instance,
      answersUnder(answers, inForce),
    ]),
  };
}
