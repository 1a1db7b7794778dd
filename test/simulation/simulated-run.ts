/**
 * One deployment from its admission to its end and beyond, under the faults of a scenario: first the
 * storm, then the calm in which everything that is still on its way arrives.
 */
import { initialState } from '../../src/core/deployment/deployment-state.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import { crashSimulated } from '../../src/drivers/target/simulated/simulated-world.ts';
import type { DeploymentEnd } from '../../src/store/deployment-store.ts';
import { driversOver, storeOver } from './calls-over-network.ts';
import { createDurableJournal, type DurableJournal } from './durable-journal.ts';
import type { StruckFault } from './fault.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import type { Scenario } from './scenario.ts';
import { seededRandom, type SeededRandom } from './seeded-random.ts';
import { runSimulatedController } from './simulated-controller.ts';
import { createSimulatedLock, type SimulatedLock } from './simulated-lock.ts';
import { createSimulatedNetwork, type SimulatedNetwork, type Strike } from './simulated-network.ts';
import { createSimulatedProcess, type SimulatedProcess } from './simulated-process.ts';
import {
  createSimulatedSurroundings,
  type SimulatedSurroundings,
} from './simulated-surroundings.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';

export interface SimulatedRun {
  readonly plan: Plan;
  readonly scenario: Scenario;
  readonly surroundings: SimulatedSurroundings;
  readonly store: MemoryStore;
  readonly calls: readonly string[];
  /** Rises whenever something may have changed in the world. */
  changes(): number;
  readonly struck: readonly StruckFault[];
  nowMs(): number;
  /** Ends all controllers: from now on only what is on its way still happens. */
  endControllers(): void;
  /** Until when what has struck so far lasts; 0 when nothing has. */
  stormUntilMs(): number;
  /** Lets one event happen; false when none is left. The caller yields to the loop in between. */
  step(): boolean;
}

const RESTART_MS_MAX = 2_000;
/** Longer than a lease of these plans, and than a silent session of the database is kept. */
const LONG_MS = 15_000;
const CLOCK_JUMP_MS = 3_600_000;

interface Parts {
  readonly plan: Plan;
  readonly time: VirtualTime;
  readonly random: SeededRandom;
  readonly surroundings: SimulatedSurroundings;
  readonly store: MemoryStore;
  readonly lock: SimulatedLock;
  readonly network: SimulatedNetwork;
  readonly journals: Map<string, DurableJournal>;
  readonly listeners: Set<{ readonly process: SimulatedProcess; readonly callback: () => void }>;
  readonly processes: SimulatedProcess[];
  strikes: number;
  databaseBackMs: number;
  wallOffsetMs: number;
  stormUntilMs: number;
}

/** `plan` is that of deployment 2, over a stable pool that deployment 1 brought in. */
export async function startSimulatedRun(plan: Plan, scenario: Scenario): Promise<SimulatedRun> {
  const time = createVirtualTime();
  const random = seededRandom(scenario.seed);
  const surroundings = createSimulatedSurroundings(time, plan, scenario.release);
  await serveStable(plan, surroundings);
  const store = await storeWithAdmitted(plan, time);
  const strike = (found: Strike): void => strikeAt(parts, found);
  const parts: Parts = {
    plan,
    time,
    random,
    surroundings,
    store,
    lock: createSimulatedLock(time),
    network: createSimulatedNetwork({
      ...{ time, random, strike },
      faults: scenario.faults,
      step: () => store.stepOf(plan.deployment),
    }),
    journals: new Map(),
    listeners: new Set(),
    processes: [],
    strikes: 0,
    databaseBackMs: 0,
    wallOffsetMs: 0,
    stormUntilMs: 0,
  };
  startController(parts);
  return {
    plan,
    scenario,
    surroundings,
    store,
    calls: parts.network.calls,
    changes: () => parts.network.arrivals() + parts.strikes,
    endControllers() {
      for (const process of parts.processes) process.kill();
    },
    struck: parts.network.struck,
    nowMs: () => time.nowMs(),
    stormUntilMs: () => parts.stormUntilMs,
    step: () => time.next(),
  };
}

async function serveStable(plan: Plan, { target, balancer }: SimulatedSurroundings): Promise<void> {
  const { stable } = plan;
  if (!stable) return;
  const token = { deployment: 1, sequence: 1 };
  const context = { token, signal: new AbortController().signal };
  const { stopGraceMs: _grace, ...spec } = stable;
  const { instances } = await target.ensure({ ...spec, environment: {} }, context);
  const endpoints = instances.map(({ id, host, port }) => ({ instance: id, host, port }));
  const { version } = stable.release;
  await balancer.apply(
    {
      scope: plan.scope,
      listen: plan.balancer.listen,
      requestTimeoutMs: plan.requestTimeoutBeforeMs ?? plan.balancer.requestTimeoutMs,
      stable: stable.pool,
      lease: null,
      pools: [{ pool: stable.pool, version, weight: 100, endpoints }],
    },
    context,
  );
}

async function storeWithAdmitted(plan: Plan, time: VirtualTime): Promise<MemoryStore> {
  const store = createMemoryStore({ wallMs: () => time.nowMs() });
  const request = {
    planDigest: 'sha256:plan',
    state: initialState,
    environment: {},
    actor: 'local:ada',
    reason: '',
    request: null,
    audit: [],
  };
  await store.admitDeployment({ ...request, plan: planBefore(plan) });
  await store.endDeployment({ ...ENDED, deployment: 1 });
  await store.admitDeployment({ ...request, plan });
  return store;
}

/** Of the deployment before only its number matters, and that its release is known. */
function planBefore(plan: Plan): Plan {
  const { stable, release } = plan;
  const configDigest = stable?.release.configDigest ?? release.configDigest;
  return { ...plan, deployment: 1, release: { ...release, configDigest } };
}

const ENDED: Omit<DeploymentEnd, 'deployment'> = {
  status: 'promoted',
  state: { ...initialState, mode: 'ended', outcome: { kind: 'promoted' } },
  summary: {
    release: '1.0',
    replaces: null,
    outcome: 'promoted',
    cause: null,
    exposure: {
      requests: 0,
      failures: 0,
      clientErrors: 0,
      idempotentClientErrors: 0,
      rescued: 0,
      budgetSeconds: 0,
      isWhole: true,
    },
    decisionToZeroMs: null,
    totalMs: 0,
  },
  audit: [],
  refusalOf: () => {
    throw new Error('Nobody asked anything of it.');
  },
};

function startController(parts: Parts): void {
  const { plan, time, lock, journals, listeners } = parts;
  const process = createSimulatedProcess(time, () => parts.wallOffsetMs);
  parts.processes.push(process);
  const away = (): boolean => time.nowMs() < parts.databaseBackMs;
  const { deployment } = plan;
  void runSimulatedController({
    process,
    store: storeOver(parts.network, process, parts.store, away),
    drivers: driversOver(parts.network, process, parts.surroundings),
    lock,
    journalOf(workflow) {
      const journal = journals.get(workflow) ?? createDurableJournal();
      journals.set(workflow, journal);
      return journal;
    },
    onRequest(of, callback) {
      const listener = { process, callback };
      if (of === deployment) listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
}

function strikeAt(parts: Parts, { fault, process }: Strike): void {
  const { plan, time, random, surroundings, store } = parts;
  parts.strikes += 1;
  const lasts = (ms: number): void => {
    parts.stormUntilMs = Math.max(parts.stormUntilMs, time.nowMs() + ms);
  };
  switch (fault) {
    case 'killed-before':
    case 'killed-after': {
      process.kill();
      const backMs = random.below(RESTART_MS_MAX);
      lasts(backMs);
      time.after(backMs, () => startController(parts));
      return;
    }
    case 'frozen':
      process.freeze();
      lasts(LONG_MS);
      time.after(LONG_MS, () => process.thaw());
      return;
    case 'database-away':
      parts.databaseBackMs = time.nowMs() + LONG_MS;
      lasts(LONG_MS);
      return;
    case 'candidate-crashed':
      crashOne(surroundings, plan.candidate.pool);
      return;
    case 'stable-crashed':
      if (plan.stable) crashOne(surroundings, plan.stable.pool);
      return;
    case 'aborted':
      void abort(parts);
      return;
    case 'second-controller':
      startController(parts);
      return;
    case 'clock-jumped':
      parts.wallOffsetMs += random.below(2) === 0 ? CLOCK_JUMP_MS : -CLOCK_JUMP_MS;
      return;
    case 'requested-again':
      void store.admitDeployment({
        plan,
        planDigest: 'sha256:plan',
        state: initialState,
        environment: {},
        actor: 'local:ada',
        reason: '',
        request: null,
        audit: [],
      });
      return;
    case 'late':
    case 'duplicated':
    case 'hangs':
      lasts(LONG_MS * 2);
      return;
    case 'request-lost':
    case 'answer-lost':
      lasts(0);
  }
}

function crashOne({ pools }: SimulatedSurroundings, pool: Plan['candidate']['pool']): void {
  const running = pools.pools.get(pool)?.instances.find(({ pid }) => pid !== null);
  if (running) crashSimulated(pools, running.id, '');
}

async function abort({ plan, store, listeners }: Parts): Promise<void> {
  const request = { kind: 'abort', actor: 'local:ada', reason: 'changed my mind' } as const;
  const isAdded = await store.addRequest(plan.deployment, request, []);
  if (!isAdded) return;
  for (const { process, callback } of [...listeners]) process.deliver(callback);
}
