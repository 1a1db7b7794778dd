/** What can be seen of a run from outside: one view that is brought up to date before each look. */
import type { RoutingObservation } from '../../src/core/model/routing.ts';
import type { SimulatedPool } from '../../src/drivers/target/simulated/simulated-world.ts';
import type { PlannedService } from '../../src/core/plan/plan.ts';
import type { SeenData, SeenPool, Sight } from './sight.ts';
import { canLiveWith, type SimulatedData } from './simulated-data.ts';
import type { SimulatedRun } from './simulated-run.ts';

type Changing = { -readonly [Key in keyof Sight]: Sight[Key] };

export interface RefreshedSight extends Sight {
  refresh(): void;
}

const NOTHING_ROUTED = { weights: {}, endpoints: {}, token: { deployment: 0, sequence: 0 } };

export function sightOf(
  run: SimulatedRun,
  { scope }: PlannedService = run.plan.services[0],
): RefreshedSight {
  const { plan, surroundings, store } = run;
  const { routing, pools } = surroundings;
  let followed: unknown = null;
  const sight: Changing & { refresh(): void } = {
    ...NOTHING_ROUTED,
    nowMs: 0,
    hasLease: false,
    hasFallback: false,
    isMirroring: false,
    copied: 0,
    unsafeCopied: 0,
    pools: [],
    reloads: 0,
    audit: store.audit,
    status: '',
    resumption: 0,
    running: 0,
    admitted: 0,
    aborts: 0,
    otherRequests: 0,
    hasOpenAbort: false,
    asked: 0,
    harm: 0,
    actedMs: 0,
    sent: surroundings.sent(),
    data: run.data && new SeenLive(run.data),
    answers: [],
    refresh() {
      surroundings.sync();
      sight.nowMs = run.nowMs();
      const inForce = routing.inForce(scope);
      // The same object is the same routing: most events change nothing.
      if (inForce !== followed) seeRouting(sight, routing.observe(scope));
      followed = inForce;
      if (sight.pools.length !== pools.pools.size) {
        sight.pools = Array.from(
          pools.pools.values(),
          (pool) => new Seen(pool, surroundings.hasPassed),
        );
      }
      sight.status = store.statusOf(plan.deployment);
      sight.running = store.running();
      sight.admitted = store.admitted();
      sight.reloads = routing.reloads();
      sight.resumption = store.resumptionOf(plan.deployment);
      sight.aborts = store.requestsOf(plan.deployment, 'aborts');
      sight.otherRequests = store.requestsOf(plan.deployment, 'others');
      sight.hasOpenAbort =
        sight.aborts > 0 && store.openRequests(plan.deployment).includes('abort');
      sight.asked = surroundings.asked();
      const { all, unsafe } = surroundings.copied();
      sight.copied = all;
      sight.unsafeCopied = unsafe;
      sight.actedMs = run.actedMs();
      sight.harm = surroundings.harm();
      sight.answers = surroundings.takeAnswers();
    },
  };
  return sight;
}

function seeRouting(sight: Changing, routed: RoutingObservation | null): void {
  const { weights, token } = routed ?? NOTHING_ROUTED;
  sight.weights = weights;
  sight.endpoints = Object.fromEntries(
    (routed?.routing.pools ?? []).map(({ pool, endpoints }) => [pool, endpoints.length]),
  );
  sight.token = token;
  sight.hasLease = (routed?.routing.lease ?? null) !== null;
  sight.hasFallback = (routed?.fallback ?? null) !== null;
  sight.isMirroring = routed?.routing.lease?.mirror !== undefined && !sight.hasFallback;
}

/** As it is whenever it is looked at; a class, so that all of them share their getters. */
class Seen implements SeenPool {
  readonly pool: string;
  readonly #seen: SimulatedPool;
  readonly #hasPassed: (pid: number) => boolean;

  constructor(seen: SimulatedPool, hasPassed: (pid: number) => boolean) {
    this.pool = seen.spec.pool;
    this.#seen = seen;
    this.#hasPassed = hasPassed;
  }

  get isStopped(): boolean {
    return this.#seen.desired === 'stopped';
  }

  get accepting(): number {
    return this.#seen.instances.filter(({ state }) => state === 'accepting').length;
  }

  get unprobed(): number {
    return this.#seen.instances.filter(
      ({ state, pid }) => state === 'accepting' && pid !== null && !this.#hasPassed(pid),
    ).length;
  }

  get exits(): number {
    return this.#seen.instances.reduce((sum, { unexpectedExits }) => sum + unexpectedExits, 0);
  }

  get restart(): string {
    return this.#seen.spec.restart;
  }
}

/** As it is whenever it is looked at. */
class SeenLive implements SeenData {
  readonly #data: SimulatedData;

  constructor(data: SimulatedData) {
    this.#data = data;
  }

  get rows(): number {
    return this.#data.live().tables['orders']?.rows.length ?? 0;
  }

  get acknowledged(): number {
    return this.#data.acknowledged();
  }

  get applied(): readonly string[] {
    return this.#data.live().applied.map(({ name }) => name);
  }

  get isAltered(): boolean {
    return this.#data.isAltered();
  }

  get suitsStable(): boolean {
    return canLiveWith(this.#data.live(), false);
  }

  get copies(): number {
    return this.#data.databases.contents.size - 1;
  }
}
