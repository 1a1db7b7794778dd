/**
 * One deployment from its admission to its end and beyond, under the faults of a scenario: first the
 * storm, then the calm in which everything that is still on its way arrives.
 */
import type { Plan } from '../../src/core/plan/plan.ts';
import { unaskedWork } from '../support/engine/unasked-work.ts';
import { approversOf } from './approvers.ts';
import { admitSimulated, serveStable } from './before-the-run.ts';
import { driversOver, storeOver } from './calls-over-network.ts';
import { createDurableJournal, type DurableJournal, type JournalEntry } from './durable-journal.ts';
import type { StruckFault } from './fault.ts';
import type { MemoryStore } from './memory-store.ts';
import type { Scenario } from './scenario.ts';
import { seededRandom, type SeededRandom } from './seeded-random.ts';
import { runSimulatedController } from './simulated-controller.ts';
import { createSimulatedData, type SimulatedData } from './simulated-data.ts';
import { createSimulatedLock, type SimulatedLock } from './simulated-lock.ts';
import { createSimulatedNetwork, type SimulatedNetwork } from './simulated-network.ts';
import { createSimulatedProcess, type SimulatedProcess } from './simulated-process.ts';
import {
  createSimulatedSurroundings,
  type SimulatedSurroundings,
} from './simulated-surroundings.ts';
import { strikeFault } from './strike-fault.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';
import { workOver } from './work-over-network.ts';
import { createWeather, type Weather } from './weather.ts';

export interface SimulatedRun {
  readonly plan: Plan;
  readonly scenario: Scenario;
  /** For who has something done to the run that is no fault of its scenario. */
  readonly parts: RunParts;
  readonly surroundings: SimulatedSurroundings;
  /** Null of a service without a database. */
  readonly data: SimulatedData | null;
  readonly store: MemoryStore;
  /** Names of all calls so far, in their order. */
  readonly calls: readonly string[];
  /** For each of them, how many commands were on record when it was made. */
  readonly commandAt: readonly number[];
  readonly stepAt: readonly string[];
  /** Rises whenever something may have changed in the world. */
  changes(): number;
  /** When an instance, a probe or the balancer was last asked for something else than a renewal. */
  actedMs(): number;
  readonly struck: readonly StruckFault[];
  /** What the durable engine has kept of the deployment's workflows, by resumption. */
  journals(): ReadonlyMap<number, readonly JournalEntry[]>;
  nowMs(): number;
  /** Ends the controllers that have nothing left to do but to look after deployments. */
  endIdleControllers(): void;
  /** Ends all controllers: from now on only what is on its way still happens. */
  endControllers(): void;
  /** Until when what has struck so far lasts; 0 when nothing has. */
  stormUntilMs(): number;
  /** Lets one event happen; false when none is left. The caller yields to the loop in between. */
  step(): boolean;
}

/** All that a run is made of, for what strikes it. */
export interface RunParts {
  readonly plan: Plan;
  readonly time: VirtualTime;
  readonly random: SeededRandom;
  readonly weather: Weather;
  readonly surroundings: SimulatedSurroundings;
  readonly data: SimulatedData | null;
  readonly store: MemoryStore;
  readonly lock: SimulatedLock;
  readonly network: SimulatedNetwork;
  readonly journals: Map<string, DurableJournal>;
  readonly listeners: Set<{ readonly process: SimulatedProcess; readonly callback: () => void }>;
  /** All controllers that were ever started. */
  readonly processes: SimulatedProcess[];
  wallOffsetMs: number;
  startController(): SimulatedProcess;
}

/** Until whoever looks after the processes has started one again. */
const REPLACED_MS = 500;

/** `plan` is that of deployment 2, over a stable pool that deployment 1 brought in. */
export async function startSimulatedRun(plan: Plan, scenario: Scenario): Promise<SimulatedRun> {
  const parts = partsOf(plan, scenario);
  const { surroundings, data, store, network, time, weather } = parts;
  await serveStable(plan, surroundings);
  parts.startController();
  approversOf(parts);
  return {
    plan,
    scenario,
    parts,
    surroundings,
    data,
    store,
    calls: network.calls,
    commandAt: network.commandAt,
    stepAt: network.stepAt,
    changes: () => network.changes() + network.struck.length,
    actedMs: () => network.actedMs(),
    endIdleControllers() {
      for (const process of parts.processes) {
        if (!process.isFrozen() && !network.isHung(process)) process.kill();
      }
    },
    endControllers() {
      for (const process of parts.processes) process.kill();
    },
    struck: network.struck,
    journals: () => journalsOf(parts),
    nowMs: () => time.nowMs(),
    stormUntilMs: () => weather.stormUntilMs(),
    step: () => time.next(),
  };
}

function partsOf(plan: Plan, { seed, release, faults }: Scenario): RunParts {
  const time = createVirtualTime();
  const random = seededRandom(seed);
  const weather = createWeather(time);
  const store = admitSimulated(plan, time);
  const data = plan.services[0].database ? createSimulatedData(release) : null;
  const onServed = (): void => data?.write();
  const onAlter = (): void => data?.alter();
  const parts: RunParts = {
    ...{ plan, time, random, weather, store, data },
    surroundings: createSimulatedSurroundings({
      ...{ time, plan, release, weather, seed, onServed, onAlter },
    }),
    lock: createSimulatedLock(time, () => weather.is('database-away')),
    network: createSimulatedNetwork({
      ...{ time, random, faults },
      step: () => store.stepOf(plan.deployment),
      commands: () => store.commandsOf(plan.deployment),
      strike: (found) => strikeFault(parts, found),
    }),
    journals: new Map(),
    listeners: new Set(),
    processes: [],
    wallOffsetMs: 0,
    startController: () => startController(parts),
  };
  return parts;
}

function startController(parts: RunParts): SimulatedProcess {
  const { plan, time, weather, network, lock, journals, listeners } = parts;
  const process = createSimulatedProcess(time, () => parts.wallOffsetMs);
  parts.processes.push(process);
  const onReplaced = (): void => {
    if (!process.isAlive()) return;
    process.kill();
    // It comes back as one that stands by.
    weather.storms(REPLACED_MS);
    time.after(REPLACED_MS, () => startController(parts));
  };
  const view = lock.of(process, onReplaced);
  const way = { network, process, weather };
  const driving = { isTermOver: () => view.isTermOver(), onReplaced };
  void runSimulatedController({
    process,
    store: storeOver(way, parts.store, driving),
    drivers: driversOver(way, parts.surroundings),
    work: parts.data ? workOver(way, parts.data) : unaskedWork,
    lock: view,
    isBegun: (workflow) => journals.has(workflow),
    journalOf(workflow) {
      const journal = journals.get(workflow) ?? createDurableJournal();
      journals.set(workflow, journal);
      return journal;
    },
    onRequest(of, callback) {
      const listener = { process, callback };
      if (of === plan.deployment) listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  return process;
}

function journalsOf({ plan, journals }: RunParts): ReadonlyMap<number, readonly JournalEntry[]> {
  const found = new Map<number, readonly JournalEntry[]>();
  for (const [workflow, { entries }] of journals) {
    const [deployment, resumption = 0] = workflow.split('.').map(Number);
    if (deployment === plan.deployment) found.set(resumption, entries);
  }
  return found;
}
