import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from '../../test/simulation/carry-out-run.ts';
import { addTally, countRun, emptyTally, type Tally } from './tally.ts';

function aRun(seed: number, changes: Partial<RunResult> = {}): RunResult {
  return {
    scenario: { seed, release: 'good', faults: [] },
    status: 'promoted',
    violations: [],
    calls: ['balancer.apply'],
    commandAt: [1],
    stepAt: ['check-balancer'],
    struck: [],
    endedMs: 600,
    ...changes,
  };
}

function tallyOf(...runs: readonly RunResult[]): Tally {
  const tally = emptyTally();
  for (const run of runs) countRun(tally, run);
  return tally;
}

test('shares of runs add up to the same, however they are shared', () => {
  const struck = [{ fault: 'frozen', at: 3, step: 'judge-50', hadEffect: true }] as const;
  const runs = [aRun(1), aRun(2, { struck, status: 'reverted' }), aRun(3, { struck })];
  const total = emptyTally();

  addTally(total, tallyOf(runs[2]!));
  addTally(total, tallyOf(runs[1]!, runs[0]!));

  assert.deepEqual(total, { ...tallyOf(...runs), failures: total.failures });
  assert.deepEqual(total.cells, { 'gate frozen': 2 });
  assert.deepEqual(total.outcomes, { promoted: 2, reverted: 1 });
});

test('a run that differs in one call has another hash', () => {
  const other = aRun(1, { calls: ['balancer.renew'] });

  assert.notEqual(tallyOf(aRun(1)).traceHash, tallyOf(other).traceHash);
});

test('a violation is kept with the scenario that repeats it', () => {
  const violations = [{ invariant: 'I2', message: 'Both pools are stopped.' }];

  const { failures } = tallyOf(aRun(7, { violations }));

  assert.deepEqual(failures, [
    { scenario: aRun(7).scenario, messages: ['I2 Both pools are stopped.'] },
  ]);
});

test('a run whose planned fault has not struck is a violation where it must', () => {
  const scenario = { seed: 1, release: 'good', faults: [{ fault: 'frozen', at: 3 }] } as const;
  const tally = emptyTally();

  countRun(tally, aRun(1, { scenario }));
  countRun(tally, aRun(1, { scenario: { ...scenario, mustStrike: true } }));

  assert.equal(tally.violations, 1);
  assert.equal(tally.struck, 0);
});

test('what had nothing to strike is no cell', () => {
  const struck = [{ fault: 'aborted', at: 3, step: 'judge-50', hadEffect: false }] as const;

  assert.deepEqual(tallyOf(aRun(1, { struck })).cells, {});
});
