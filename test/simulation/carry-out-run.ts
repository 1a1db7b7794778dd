/** Carries a run to its end under the eyes of the observer; deterministic whatever else the process does. */
import type { Plan } from '../../src/core/plan/plan.ts';
import { createObserver, type Observer, type Sight, type Violation } from './observer.ts';
import type { StruckFault } from './fault.ts';
import type { Scenario } from './scenario.ts';
import { startSimulatedRun, type SimulatedRun } from './simulated-run.ts';

export interface RunResult {
  readonly scenario: Scenario;
  readonly status: string;
  readonly violations: readonly Violation[];
  /** Names of all calls until its end, in their order. */
  readonly calls: readonly string[];
  readonly struck: readonly StruckFault[];
  readonly endedMs: number;
}

/** Every deadline of every step with all its attempts is over long before. */
const LIMIT_MS = 3_600_000;
const EVENTS_MAX = 200_000;
/** Three looks of six requests each: the fewest samples, the verdict, and one that was on its way. */
const HARM_MAX = 18;
/** For whoever was frozen, or waited for an answer, to do what it still wants to do. */
const AFTERMATH_MS = 1_000;

export async function carryOutRun(plan: Plan, scenario: Scenario): Promise<RunResult> {
  const run = await startSimulatedRun(plan, scenario);
  const observer = createObserver(expectationOf(run));
  const watch = watcherOf(run, observer);
  const hasEnded = (): boolean => run.store.statusOf(plan.deployment) !== 'running';
  await watch(() => !hasEnded());
  const endedMs = run.nowMs();
  const calls = [...run.calls];
  await watch(() => run.nowMs() < Math.max(endedMs, run.stormUntilMs()) + AFTERMATH_MS);
  run.endControllers();
  await watch(() => true);
  const sight = lastLook(run, observer);
  return {
    scenario,
    status: sight.status,
    violations: observer.violations,
    calls,
    struck: run.struck,
    endedMs,
  };
}

/** Lets events happen while `goesOn`, and looks after each that may have changed anything. */
function watcherOf(run: SimulatedRun, observer: Observer) {
  let seen = -1;
  return async (goesOn: () => boolean): Promise<void> => {
    for (let events = 0; events < EVENTS_MAX && run.nowMs() < LIMIT_MS; events += 1) {
      await turn();
      const changes = run.changes() + run.store.audit.length;
      if (changes !== seen) observer.look(look(run));
      seen = changes;
      if (!goesOn() || !run.step()) return;
    }
  };
}

function lastLook(run: SimulatedRun, observer: Observer): Sight {
  run.surroundings.send(20);
  const sight = look(run);
  observer.look(sight);
  observer.end(sight);
  return sight;
}

/** Lets everything happen that the last event has set off. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function look({ plan, surroundings, store }: SimulatedRun): Sight {
  surroundings.sync();
  const routed = surroundings.routing.observe(plan.scope);
  return {
    weights: routed?.weights ?? {},
    token: routed?.token ?? { deployment: 0, sequence: 0 },
    hasLease: (routed?.routing.lease ?? null) !== null,
    hasFallback: (routed?.fallback ?? null) !== null,
    pools: [...surroundings.pools.pools.values()].map(({ spec, desired, instances }) => ({
      pool: spec.pool,
      isStopped: desired === 'stopped',
      accepting: instances.filter(({ state }) => state === 'accepting').length,
      restart: spec.restart,
    })),
    audit: store.audit,
    status: store.statusOf(plan.deployment),
    harm: surroundings.harm(),
    answers: surroundings.takeAnswers(),
  };
}

function expectationOf({ plan, scenario }: SimulatedRun) {
  const judged = plan.steps.find(({ action }) => action.kind === 'judge-traffic')?.action;
  return {
    deployment: plan.deployment,
    stable: plan.stable?.pool ?? '',
    candidate: plan.candidate.pool,
    instances: plan.candidate.instances,
    isGood: scenario.release === 'good',
    crashesInstances: scenario.faults.some(({ fault }) => fault.endsWith('-crashed')),
    hasFaults: scenario.faults.length > 0,
    samplesMin: judged?.kind === 'judge-traffic' ? judged.limits.samplesMin : 0,
    harmMax: HARM_MAX,
    revertToken: { deployment: plan.deployment, sequence: 1_000_000 },
  };
}
