import type { PoolId } from '../model/ids.ts';
import type { RoutedPool, Routing } from '../model/routing.ts';
import type { PlannedService, PlannedSplit } from './plan.ts';
import { servedWith } from './served-with.ts';

/** The routing that a planned split comes to, once it is known where its pools are. */
export function routingOf(
  service: PlannedService,
  split: PlannedSplit,
  endpointsOf: (pool: PoolId, weight: number) => RoutedPool['endpoints'],
): Routing {
  return {
    scope: service.scope,
    listen: service.balancer.listen,
    ...servedWith(service, split),
    stable: split.stable,
    lease: split.lease,
    pools: split.weights.map(({ pool, version, weight }) => ({
      pool,
      version,
      weight,
      endpoints: endpointsOf(pool, weight),
    })),
  };
}
