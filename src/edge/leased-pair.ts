import type { Lease } from '../core/model/routing.ts';
import type { RoutingState } from '../core/routing/routing-state.ts';
import type { LivePool } from './live-pool.ts';

/** The candidate that a lease is about and the stable pool beside it; null without a lease or one of them. */
export function leasedPair(
  { routing: { lease, stable: id } }: RoutingState,
  pools: ReadonlyMap<string, LivePool>,
): { readonly lease: Lease; readonly candidate: LivePool; readonly stable: LivePool } | null {
  const candidate = lease && pools.get(lease.candidate);
  const stable = id === null ? null : pools.get(id);
  return lease && candidate && stable ? { lease, candidate, stable } : null;
}
