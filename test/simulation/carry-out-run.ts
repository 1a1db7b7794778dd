/** Carries a run to its end under the eyes of the observer; deterministic whatever else the process does. */
import type { Plan } from '../../src/core/plan/plan.ts';
import { expectationOf } from './expectation-of.ts';
import type { StruckFault } from './fault.ts';
import { createObserver } from './observer.ts';
import { outsideTheTable } from './outside-the-table.ts';
import { replayViolations } from './replay-check.ts';
import type { Scenario } from './scenario.ts';
import { sightOf } from './sight-of.ts';
import type { Violation } from './sight.ts';
import { startSimulatedRun } from './simulated-run.ts';

export interface RunResult {
  readonly scenario: Scenario;
  readonly status: string;
  readonly violations: readonly Violation[];
  /** Names of all calls until its end, in their order. */
  readonly calls: readonly string[];
  /** For each of them, how many commands were on record when it was made. */
  readonly commandAt: readonly number[];
  readonly struck: readonly StruckFault[];
  readonly endedMs: number;
}

/** A run that is carried out one event at a time; the caller yields to the loop in between. */
export interface JudgedRun {
  /** Looks at what the last event has led to, and lets the next one happen; false when it was the last. */
  advance(): boolean;
  result(): RunResult;
}

/** Every deadline of every step with all its attempts is over long before. */
const LIMIT_MS = 3_600_000;
const EVENTS_MAX = 200_000;
/** For whoever was frozen, or waited for an answer, to do what it still wants to do. */
const AFTERMATH_MS = 1_000;
const LAST_REQUESTS = 20;

export async function startJudgedRun(plan: Plan, scenario: Scenario): Promise<JudgedRun> {
  const run = await startSimulatedRun(plan, scenario);
  const observer = createObserver(expectationOf(plan, scenario));
  const sight = sightOf(run);
  let stage: 'storm' | 'aftermath' | 'zombies' | 'calm' = 'storm';
  let seen = -1;
  let events = 0;
  let endedMs = 0;
  let callsAtEnd = 0;

  function look(): void {
    const changes = run.changes() + run.store.audit.length;
    if (changes === seen) return;
    seen = changes;
    sight.refresh();
    observer.look(sight);
  }

  /** From the deployment's end to the end of what has struck, and on to the end of what is late. */
  function turnStage(): void {
    if (stage === 'storm' && run.store.statusOf(plan.deployment) !== 'running') {
      stage = 'aftermath';
      endedMs = run.nowMs();
      callsAtEnd = run.calls.length;
    }
    if (stage === 'aftermath' && run.nowMs() >= endedMs + AFTERMATH_MS) {
      // Who was frozen, or waits for an answer, goes on in a world without the others.
      stage = 'zombies';
      run.endIdleControllers();
    }
    const isOver = run.nowMs() >= Math.max(endedMs, run.stormUntilMs()) + AFTERMATH_MS;
    if (stage !== 'zombies' || !isOver) return;
    stage = 'calm';
    run.endControllers();
  }

  return {
    advance() {
      look();
      turnStage();
      events += 1;
      return events < EVENTS_MAX && run.nowMs() < LIMIT_MS && run.step();
    },
    result() {
      run.surroundings.send(LAST_REQUESTS);
      sight.refresh();
      observer.look(sight);
      observer.end(sight);
      const { status } = sight;
      const { struck } = run;
      const replayed = { plan, journals: run.journals(), saved: run.store.saved };
      return {
        scenario,
        status,
        violations: [
          ...observer.violations,
          ...outsideTheTable({ scenario, struck, status }),
          ...replayViolations(replayed),
        ],
        calls: stage === 'storm' ? run.calls : run.calls.slice(0, callsAtEnd),
        commandAt: stage === 'storm' ? run.commandAt : run.commandAt.slice(0, callsAtEnd),
        struck,
        endedMs: stage === 'storm' ? run.nowMs() : endedMs,
      };
    },
  };
}

export async function carryOutRun(plan: Plan, scenario: Scenario): Promise<RunResult> {
  const run = await startJudgedRun(plan, scenario);
  do await eventLoopTurn();
  while (run.advance());
  return run.result();
}

/** Lets everything happen that the last event has set off. */
export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
