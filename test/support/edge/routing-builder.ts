/** Routings for tests of balancers: a stable pool with the rest, and perhaps a leased candidate. */
import type { InstanceId, PoolId, Scope } from '../../../src/core/model/ids.ts';
import type { Lease, RoutedPool, Routing, TripRules } from '../../../src/core/model/routing.ts';

export const noTrips: TripRules = { connectErrors: 1000, serverErrors: 1000, timeouts: 1000 };

export function aPool(pool: PoolId, weight: number, ports: readonly number[]): RoutedPool {
  return {
    pool,
    version: '1.0.0',
    endpoints: ports.map((port, index) => ({
      instance: `${pool}.${index}` as InstanceId,
      host: '127.0.0.1',
      port,
    })),
    weight,
  };
}

export function aLease(candidate: PoolId, options: Partial<Lease> = {}): Lease {
  return {
    candidate,
    ttlMs: 60_000,
    trip: noTrips,
    ...options,
  };
}

export function aRouting(
  parts: Pick<Routing, 'pools'> & Partial<Routing> & { readonly port: number; scope: Scope },
): Routing {
  const { port, ...rest } = parts;
  return {
    listen: { host: '127.0.0.1', port },
    stable: rest.pools[0]?.pool ?? null,
    lease: null,
    requestTimeoutMs: 10_000,
    ...rest,
  };
}
