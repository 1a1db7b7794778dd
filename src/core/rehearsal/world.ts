/**
 * All that is around a rehearsed deployment, on a clock of its own: the balancer with its lease and
 * trips, instances, clients, and what goes wrong. Written to by the functions of this room alone.
 */
import { noTraffic, type TrafficTotals } from '../gates/candidate-traffic.ts';
import { effectiveWeightOf, type RoutingState } from '../routing/routing-state.ts';
import type { Plan, PlannedService } from '../plan/plan.ts';
import type { Conduct } from '../traffic-model/conduct.ts';
import type { DeclaredTraffic } from '../traffic-model/declared-traffic.ts';
import type { Draws } from '../traffic-model/draws.ts';
import type { ModelledService } from '../traffic-model/modelled-service.ts';
import type { TrafficSample } from '../model/traffic-sample.ts';
import type { Mishap, MishapKind } from './mishap.ts';

export interface World {
  readonly plan: Plan;
  /** The service whose traffic is modelled. */
  readonly planned: PlannedService;
  readonly traffic: DeclaredTraffic;
  readonly conduct: Conduct;
  readonly draws: Draws;
  readonly service: ModelledService;
  readonly mishaps: readonly Mishap[];
  /** Whether any step compares the candidate with the stable release. */
  readonly compares: boolean;
  nowMs: number;
  routing: RoutingState | null;
  /** Whether somebody acts under the lease, and renews it as long as nothing is in the way. */
  isRenewing: boolean;
  readonly candidate: PoolLife;
  /** When requests that are not answered will have timed out, the next one first. */
  readonly hungUntilMs: number[];
  /** Instants of mishaps that have happened already. */
  readonly done: Set<Mishap>;
  /** What the balancer counted under this deployment; those of the second at hand last. */
  readonly samples: TrafficSample[];
  /** Of those with their response times, what has not been compared yet. */
  uncompared: TrafficSample[];
  /** What the candidate has answered. */
  answered: TrafficTotals;
  firstTrafficMs: number | null;
}

interface PoolLife {
  isRunning: boolean;
  /** Instances that have ended by themselves and were not started again. */
  exited: number;
  /** Over its life. */
  unexpectedExits: number;
  asked: number;
}

/** So that seconds of the balancer's clock are far from 0, as they are in life. */
export const STARTED_MS = 1_000_000_000;

export function newWorld(
  given: Pick<World, 'plan' | 'planned' | 'traffic' | 'conduct' | 'draws' | 'service' | 'mishaps'>,
): World {
  return {
    ...given,
    compares: comparesAny(given.plan),
    nowMs: STARTED_MS,
    routing: null,
    isRenewing: false,
    candidate: { isRunning: false, exited: 0, unexpectedExits: 0, asked: 0 },
    hungUntilMs: [],
    done: new Set(),
    samples: [],
    uncompared: [],
    answered: noTraffic.settled,
    firstTrafficMs: null,
  };
}

export function comparesAny({ steps }: Plan): boolean {
  return steps.some(({ action }) => action.kind === 'judge-traffic' && action.comparison);
}

export function nsOf(ms: number): bigint {
  return BigInt(Math.round(ms * 1_000)) * 1_000n;
}

/** The mishap of a kind that lasts at the moment; null when none does. */
export function lasting({ mishaps, nowMs }: World, kind: MishapKind): Mishap | null {
  for (const mishap of mishaps) {
    if (mishap.kind === kind && mishap.atMs <= nowMs && nowMs < mishap.untilMs) return mishap;
  }
  return null;
}

/** A mishap of a moment that has come and was not taken yet; each is taken once. */
export function takeMishap(world: World, kind: MishapKind): boolean {
  const found = world.mishaps.find(
    (mishap) => mishap.kind === kind && mishap.atMs <= world.nowMs && !world.done.has(mishap),
  );
  if (found) world.done.add(found);
  return found !== undefined;
}

/** The candidate's share of new requests in percent. */
export function candidateWeight({ routing, planned }: World): number {
  return routing === null ? 0 : effectiveWeightOf(routing, planned.candidate.pool);
}
