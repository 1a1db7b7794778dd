/** What a number of simulated runs came to; adding tallies up in any order gives the same. */
import type { RunResult } from '../../test/simulation/carry-out-run.ts';
import type { Scenario } from '../../test/simulation/scenario.ts';

export interface Tally {
  deployments: number;
  readonly outcomes: Record<string, number>;
  /** How often each fault struck in each step, by `step fault`. */
  readonly cells: Record<string, number>;
  /** Runs with a violation, each to be repeated by its scenario. */
  readonly failures: { readonly scenario: Scenario; readonly messages: readonly string[] }[];
  /** Of all that happened in all runs, whatever their order. */
  traceHash: number;
}

export function emptyTally(): Tally {
  return { deployments: 0, outcomes: {}, cells: {}, failures: [], traceHash: 0 };
}

export function countRun(tally: Tally, run: RunResult): void {
  tally.deployments += 1;
  add(tally.outcomes, run.status, 1);
  for (const { step, fault } of run.struck) add(tally.cells, `${step} ${fault}`, 1);
  if (run.violations.length > 0) {
    const messages = run.violations.map(({ invariant, message }) => `${invariant} ${message}`);
    tally.failures.push({ scenario: run.scenario, messages });
  }
  tally.traceHash = (tally.traceHash + hashOf(run)) >>> 0;
}

export function addTally(tally: Tally, other: Tally): void {
  tally.deployments += other.deployments;
  for (const [status, count] of Object.entries(other.outcomes)) add(tally.outcomes, status, count);
  for (const [cell, count] of Object.entries(other.cells)) add(tally.cells, cell, count);
  tally.failures.push(...other.failures);
  tally.traceHash = (tally.traceHash + other.traceHash) >>> 0;
}

function add(counts: Record<string, number>, key: string, count: number): void {
  counts[key] = (counts[key] ?? 0) + count;
}

/** FNV-1a over who called what, when it ended and how. */
function hashOf({ scenario, calls, status, endedMs }: RunResult): number {
  let hash = 0x811c9dc5;
  for (const text of [String(scenario.seed), ...calls, status, String(endedMs)]) {
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    }
  }
  return hash >>> 0;
}
