/** An edge in the middle of a deployment whose candidate does what the test says. */
import type { RequestListener } from 'node:http';
import type { TestContext } from 'node:test';
import { defaultLimits, type RequestLimits } from '../../../src/core/model/request-limits.ts';
import type { TripRules } from '../../../src/core/model/routing.ts';
import { systemClock, type Clock } from '../../../src/platform/clock.ts';
import { startBackend, type Backend } from './backend.ts';
import {
  candidate,
  scope,
  stable,
  startEdgeUnderTest,
  type EdgeUnderTest,
} from './edge-under-test.ts';
import { aLease, aPool, aRouting, noTrips } from './routing-builder.ts';

/** All weight on a leased candidate that answers as the handler does; the stable pool says `old`. */
export async function startBadCandidate(
  t: TestContext,
  handler?: RequestListener,
  options: Partial<TripRules> & {
    readonly requestTimeoutMs?: number;
    readonly limits?: Partial<RequestLimits>;
    readonly clock?: Clock;
  } = {},
): Promise<{ edge: EdgeUnderTest; old: Backend; next: Backend }> {
  const { requestTimeoutMs = 300, clock = systemClock, limits, ...trip } = options;
  const edge = await startEdgeUnderTest(t, { clock });
  const old = await startBackend(t, (request, response) => {
    request.resume().on('end', () => response.end('old'));
  });
  const next = await startBackend(t, handler);
  const routing = aRouting({
    scope,
    port: edge.port,
    pools: [aPool(stable, 0, [old.port]), aPool(candidate, 100, [next.port])],
    lease: aLease(candidate, { trip: { ...noTrips, ...trip } }),
    requestTimeoutMs,
    ...(limits && { limits: { ...defaultLimits, ...limits } }),
  });
  await edge.apply(routing, { deployment: 2, sequence: 1 });
  return { edge, old, next };
}
