/** Requests of a simulated balancer that are not answered: each waits for its time-out, or for another pool. */
import type { FencingToken } from '../../../core/model/fencing-token.ts';
import type { InstanceId, PoolId } from '../../../core/model/ids.ts';
import type { RoutedPool } from '../../../core/model/routing.ts';
import type { PoolLoad } from '../../../core/routing/routing-observation.ts';

export interface WaitingRequest {
  readonly pool: RoutedPool;
  readonly instance: InstanceId;
  readonly token: FencingToken;
  readonly isUnsafe: boolean;
  /** Its outcome is counted: nobody was asked before. */
  readonly isSample: boolean;
  readonly sinceNs: bigint;
  /** When it has waited for as long as a request may. */
  readonly dueNs: bigint;
}

/** First to last. */
export type WaitingRequests = WaitingRequest[];

/** Takes out those whose time is over. */
export function takeOverdue(waiting: WaitingRequests, nowNs: bigint): readonly WaitingRequest[] {
  return waiting.length === 0 ? [] : takeOut(waiting, ({ dueNs }) => dueNs <= nowNs);
}

/** Takes out those that may be asked again of another pool. */
export function takeWithdrawn(waiting: WaitingRequests, of: PoolId): readonly WaitingRequest[] {
  return takeOut(waiting, ({ pool, isUnsafe }) => pool.pool === of && !isUnsafe);
}

function takeOut(
  waiting: WaitingRequests,
  isWanted: (request: WaitingRequest) => boolean,
): readonly WaitingRequest[] {
  const taken = waiting.filter(isWanted);
  const left = waiting.filter((request) => !isWanted(request));
  waiting.splice(0, waiting.length, ...left);
  return taken;
}

/** What a pool carries of them, beside what is known of its instances. */
export function loadWith(waiting: WaitingRequests, load: PoolLoad, nowNs: bigint): PoolLoad {
  if (waiting.length === 0) return load;
  const its = waiting.filter(({ pool }) => pool.pool === load.pool);
  const oldestNs = its[0] ? nowNs - its[0].sinceNs : 0n;
  return { ...load, inFlight: its.length, oldestWaitingMs: Number(oldestNs) / 1e6 };
}
