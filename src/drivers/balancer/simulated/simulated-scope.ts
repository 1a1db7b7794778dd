/** One service at the simulated balancer: what is in force, who gets the next request, and what time ends. */
import { secondOf } from '../../../core/model/second-of.ts';
import type { PoolId } from '../../../core/model/ids.ts';
import type { RoutedPool } from '../../../core/model/routing.ts';
import type { Slot } from '../../../core/routing/slot-at-point.ts';
import {
  effectiveWeightOf,
  isLeaseAlive,
  lapseWhenDue,
  type RoutingState,
} from '../../../core/routing/routing-state.ts';
import { watchedUnder } from '../../../core/routing/watched-pools.ts';
import { createSimulatedHangs, type SimulatedHangs } from './simulated-hangs.ts';
import { createSimulatedInstances, type SimulatedInstances } from './simulated-instances.ts';
import { createSimulatedMirror, type SimulatedMirror } from './simulated-mirror.ts';
import { createSimulatedSamples, type SimulatedSamples } from './simulated-samples.ts';
import { takeWithdrawn, type WaitingRequests } from './simulated-waiting.ts';

export interface PoolSlot extends Slot {
  readonly pool: PoolId;
  readonly routed: RoutedPool;
}

export interface SimulatedScope {
  state: RoutingState | null;
  /** The first that was ever in force, as a file of its configuration may still have it. */
  oldest: RoutingState | null;
  slots: readonly PoolSlot[];
  mirror: SimulatedMirror | null;
  /** What counts the requests that wait for the candidate, while a lease says so. */
  hangs: SimulatedHangs | null;
  readonly waiting: WaitingRequests;
  readonly samples: SimulatedSamples;
  readonly instances: SimulatedInstances;
  /** Chance, from 0 up to, not including, 1: who gets a request, and which are copied. */
  readonly uniform: () => number;
}

export function createSimulatedScope(uniform: () => number): SimulatedScope {
  return {
    state: null,
    oldest: null,
    slots: [],
    mirror: null,
    hangs: null,
    waiting: [],
    samples: createSimulatedSamples(),
    instances: createSimulatedInstances(),
    uniform,
  };
}

/** Leases end by time, and a hang is known by it, whichever comes first. */
export function letTimePass(scope: SimulatedScope, nowNs: bigint): void {
  const { state, hangs } = scope;
  const deadlineNs = state?.leaseDeadlineNs ?? null;
  if (state === null || deadlineNs === null) return;
  const leasedNs = deadlineNs < nowNs ? deadlineNs : nowNs;
  const weighed = hangs === null ? state : hangs.weigh(state, leasedNs);
  follow(scope, lapseWhenDue(weighed, nowNs), nowNs);
}

/** Makes a state the one in force; the choice follows its effective weights. */
export function follow(scope: SimulatedScope, state: RoutingState, nowNs: bigint): void {
  if (scope.state === state) return;
  const isSameSplit =
    scope.state?.routing === state.routing && scope.state.fallback === state.fallback;
  scope.state = state;
  scope.oldest ??= state;
  if (isSameSplit) return;
  const rules = isLeaseAlive(state) ? state.routing.lease?.mirror : undefined;
  scope.mirror = rules ? createSimulatedMirror(rules, scope.uniform) : null;
  scope.hangs = hangsUnder(scope, state);
  scope.slots = state.routing.pools.map((routed) => ({
    pool: routed.pool,
    routed,
    weight: effectiveWeightOf(state, routed.pool),
  }));
  withdrawWaiting(scope, state, nowNs);
}

function hangsUnder(
  { hangs, samples }: SimulatedScope,
  state: RoutingState,
): SimulatedHangs | null {
  const watched = watchedUnder(state);
  if (watched === null) return null;
  if (hangs?.goesOnAs(watched)) return hangs;
  return createSimulatedHangs(watched, samples.waits(watched.stable, watched.afterMs * 1_000));
}

/** Requests that wait for a pool which has lost its weight were asked of the stable one, where that is safe. */
function withdrawWaiting(
  { waiting, samples }: SimulatedScope,
  state: RoutingState,
  nowNs: bigint,
): void {
  if (waiting.length === 0) return;
  const { pools, stable } = state.routing;
  for (const { pool } of pools) {
    if (pool === stable || effectiveWeightOf(state, pool) > 0) continue;
    for (const { token } of takeWithdrawn(waiting, pool)) {
      samples.count(secondOf(nowNs), pool, token, { rescued: 1 });
    }
  }
}
