/** What a number of simulated runs came to; adding tallies up in any order gives the same. */
import type { RunResult } from '../../test/simulation/carry-out-run.ts';
import { cellOf } from '../../test/simulation/fault-table.ts';
import { phaseOf } from '../../test/simulation/phase.ts';
import type { Scenario } from '../../test/simulation/scenario.ts';

export interface Tally {
  /** Runs, and those of which every planned fault has struck. */
  deployments: number;
  struck: number;
  readonly outcomes: Record<string, number>;
  /** How often each fault struck in each phase, by cell of the fault table. */
  readonly cells: Record<string, number>;
  /** The first runs with a violation, each to be repeated by its scenario, and how many there were. */
  readonly failures: { readonly scenario: Scenario; readonly messages: readonly string[] }[];
  violations: number;
  /** Of all that happened in all runs, whatever their order. */
  traceHash: number;
}

const FAILURES_KEPT = 100;

export function emptyTally(): Tally {
  return {
    deployments: 0,
    struck: 0,
    outcomes: {},
    cells: {},
    failures: [],
    violations: 0,
    traceHash: 0,
  };
}

/** A run of which a planned fault has not struck shows nothing: a violation where it must be struck. */
export function countRun(tally: Tally, run: RunResult): void {
  const { scenario, struck, violations } = run;
  const isStruck = struck.length === scenario.faults.length;
  tally.deployments += 1;
  if (isStruck) tally.struck += 1;
  add(tally.outcomes, run.status, 1);
  for (const { step, fault, hadEffect } of struck) {
    if (hadEffect) add(tally.cells, cellOf(fault, phaseOf(step)), 1);
  }
  const messages = violations.map(({ invariant, message }) => `${invariant} ${message}`);
  if (!isStruck && scenario.mustStrike === true) messages.push('A planned fault has not struck.');
  if (messages.length > 0) keep(tally, { scenario, messages }, 1);
  tally.traceHash = (tally.traceHash + hashOf(run)) >>> 0;
}

export function addTally(tally: Tally, other: Tally): void {
  tally.deployments += other.deployments;
  tally.struck += other.struck;
  for (const [status, count] of Object.entries(other.outcomes)) add(tally.outcomes, status, count);
  for (const [cell, count] of Object.entries(other.cells)) add(tally.cells, cell, count);
  for (const failure of other.failures) keep(tally, failure, 0);
  tally.violations += other.violations;
  tally.traceHash = (tally.traceHash + other.traceHash) >>> 0;
}

export function traceHashOf({ traceHash }: Tally): string {
  return traceHash.toString(16).padStart(8, '0');
}

/** Each scenario as it is run again, and what was wrong with it. */
export function failureLines(failures: Tally['failures']): readonly string[] {
  return failures.map(
    ({ scenario, messages }) => `${JSON.stringify(scenario)}\n  ${messages.join('\n  ')}`,
  );
}

function keep(tally: Tally, failure: Tally['failures'][number], count: 0 | 1): void {
  tally.violations += count;
  if (tally.failures.length < FAILURES_KEPT) tally.failures.push(failure);
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
