/** Carries a run to its end under the eyes of the observer; deterministic whatever else the process does. */
import type { Plan } from '../../src/core/plan/plan.ts';
import { backupViolations } from './backup-violations.ts';
import { expectationOf } from './expectation-of.ts';
import type { StruckFault } from './fault.ts';
import { createObserver } from './observer.ts';
import { outsideTheTable } from './outside-the-table.ts';
import { replayViolations } from './replay-check.ts';
import { courseOf, eventLoopTurn } from './run-course.ts';
import type { Scenario } from './scenario.ts';
import { sightOf } from './sight-of.ts';
import { createTogetherObserver, type TogetherObserver } from './observe-together.ts';
import type { Expectation, Violation } from './sight.ts';
import { startSimulatedRun, type SimulatedRun } from './simulated-run.ts';

export interface RunResult {
  readonly scenario: Scenario;
  readonly status: string;
  readonly violations: readonly Violation[];
  /** Names of all calls until its end, in their order. */
  readonly calls: readonly string[];
  /** For each of them, how many commands were on record when it was made. */
  readonly commandAt: readonly number[];
  /** And the step under way; empty before the first. */
  readonly stepAt: readonly string[];
  readonly struck: readonly StruckFault[];
  readonly endedMs: number;
}

const LAST_REQUESTS = 20;

/** One service is watched in all that it does, several in what they do together. */
function watching(run: SimulatedRun, expected: Expectation): TogetherObserver {
  if (run.plan.services.length > 1) return createTogetherObserver(run, expected);
  const observer = createObserver(expected);
  const sight = sightOf(run);
  return {
    violations: observer.violations,
    look() {
      sight.refresh();
      observer.look(sight);
    },
    end: () => observer.end(sight),
  };
}

export async function carryOutRun(plan: Plan, scenario: Scenario): Promise<RunResult> {
  const run = await startSimulatedRun(plan, scenario);
  const { look: lookAtRun, end, violations } = watching(run, expectationOf(plan, scenario));
  const course = courseOf(run);
  let seen = -1;

  function look(): void {
    const changes = run.changes() + run.store.audit.length;
    if (changes === seen) return;
    seen = changes;
    lookAtRun();
  }

  do {
    await eventLoopTurn();
    look();
  } while (course.advance());
  run.surroundings.send(LAST_REQUESTS);
  lookAtRun();
  end();
  const status = run.store.statusOf(plan.deployment);
  const { struck } = run;
  const replayed = { plan, journals: run.journals(), saved: run.store.saved };
  return {
    scenario,
    status,
    violations: [
      ...violations,
      ...outsideTheTable({ scenario, struck, status }),
      ...replayViolations(replayed),
      ...(await backupViolations(run)),
    ],
    calls: run.calls.slice(0, course.callsAtEnd()),
    commandAt: run.commandAt.slice(0, course.callsAtEnd()),
    stepAt: run.stepAt.slice(0, course.callsAtEnd()),
    struck,
    endedMs: course.endedMs(),
  };
}
