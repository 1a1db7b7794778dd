import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aWaiver } from '../../../test/support/validation/a-waiver.ts';
import { excused, suppressed, told, type Criterion } from '../../core/validation/criterion.ts';
import { loadCriteria } from '../../core/validation/criteria/load-criteria.ts';
import { stressCriteria } from '../../core/validation/criteria/stress-criteria.ts';
import type { StressResult } from '../../core/validation/fact.ts';
import { newTally } from '../../core/validation/tally.ts';
import { nothingDone, type CheckResult } from '../../engine/validation/check-result.ts';
import { checkLines, endedLine } from './check-lines.ts';
import { createPaint, signsFor } from './paint.ts';

const paint = createPaint(false);
const signs = signsFor({});
const startedAt = '2026-11-28T13:00:00.000Z';

function aResult(changes: Partial<CheckResult> = {}): CheckResult {
  return {
    ...{ ...nothingDone({ name: 'lint', run: ['lint'] }), outcome: 'PASS', because: null },
    ...{ startedAt, durationMs: 3 },
    ...changes,
  };
}

function linesOf(result: CheckResult): readonly string[] {
  const evidence = { evidence: '/e', compliance: null, sourceRefusal: null, idleWaivers: [] };
  return checkLines([result], evidence, { paint, columns: Infinity });
}

const found = (criteria: readonly Criterion[], name = 'load'): string =>
  linesOf(aResult({ name, criteria }))[1] ?? '';

test('a report of an earlier run is told by that run, and not by how soon it was read', () => {
  const reused = { run: 'a', startedAt: '2026-11-28T12:00:09.000Z' };
  const result = aResult({ reused });

  assert.match(linesOf(result)[1] ?? '', / reused, from the run of 2026-11-28 12:00 UTC +-$/);
  assert.doesNotMatch(linesOf(result)[1] ?? '', /3 ms/);
  assert.match(endedLine(result, { paint, signs }), /lint: PASS, from the run of 2026-11-28 12:00/);
});

test('why no report of what was checked is used again is told', () => {
  const sourceRefusal = '"b" links to "/srv".';
  const of = { evidence: '/e', compliance: null, sourceRefusal, idleWaivers: [] };

  const lines = checkLines([aResult()], of, { paint, columns: Infinity });

  assert.ok(lines.includes('No report is used again: "b" links to "/srv".'));
  assert.doesNotMatch(linesOf(aResult()).join('\n'), /used again/);
});

test('a waiver that puts up with nothing is named', () => {
  const of = { evidence: '/e', compliance: null, sourceRefusal: null, idleWaivers: [aWaiver()] };

  const lines = checkLines([aResult()], of, { paint, columns: Infinity });

  assert.ok(lines.some((line) => line.includes('waiver of CVE-1 by ann puts up with nothing')));
});

test('what did not run because what needs it is known says so', () => {
  const because = 'What needs it is known from an earlier run.';
  const result = aResult({ name: 'install', because, durationMs: 0 });

  assert.match(
    linesOf(result)[1] ?? '',
    /PASS +What needs it is known from an earlier run\. +- +-/,
  );
  assert.match(endedLine(result, { paint, signs }), /install: PASS\. What needs it is known/);
});

test('findings that are put up with, and waivers that no longer count, are told', () => {
  const criteria = [
    told('controls that do not apply', '26'),
    told('suppressed findings of another kind', '3 findings'),
    suppressed('of medium and above', 2, 2),
    excused('waived by ops until 2027-01-01: no such input', 1),
    excused('CVE-1: not affected, by VEX: unused', 2),
    excused('in 1.0 already', 3),
    excused('waiver of no-eval by ops, expired on 2026-01-01', 1),
  ];

  assert.deepEqual(
    linesOf(aResult({ criteria })).filter((line) => line.startsWith('lint: ')),
    [
      'lint: suppressed findings of medium and above: 2',
      'lint: 1 finding, waived by ops until 2027-01-01: no such input',
      'lint: 2 findings, CVE-1: not affected, by VEX: unused',
      'lint: 3 findings, in 1.0 already',
      'lint: 1 finding, waiver of no-eval by ops, expired on 2026-01-01',
    ],
  );
});

test('of a load the rate and the latency are shown, of a stress test what it bears', () => {
  const load = {
    ...{ requests: 100, failed: 0, durationMs: 30_000, ratePerSecond: 16.5 },
    ...{ latencyMs: { p95: 90 }, generator: null },
  };
  const loads = loadCriteria(
    {
      ...{ subject: 'load', rateMin: 40, latency: { quantile: 'p95', maxMs: 200 } },
      ...{ errorRateMax: 0, requestsMin: 1 },
    },
    { ...newTally(), loads: [load] },
  );
  const stress: StressResult = {
    capacityPerSecond: 120,
    limitedBy: 'target',
    recoveryMs: 10,
    observed: 'At 200/s it gave 0.',
  };
  const stresses = stressCriteria(
    { subject: 'stress', capacityMin: 100, recoveryMaxMs: 1_000 },
    { ...newTally(), stresses: [stress] },
  );

  assert.match(
    found(loads),
    / 16\.5 answers a second \(at least 40\), p95 90 ms \(at most 200 ms\) /,
  );
  assert.match(found(stresses), / 120 requests a second, limited by the target \(at least 100\) /);
});

test('what the preview answered is cut short', () => {
  const page = JSON.stringify({ status: 'ok', more: 'x'.repeat(200) });
  const criteria: Criterion[] = [
    { what: 'probe health', observed: page, limit: 'status 200', state: 'met' },
  ];

  assert.match(found(criteria, 'preview'), /"status":"ok","more":"x+… \(status 200\)/);
  assert.ok(found(criteria, 'preview').length < 140);
});

test('what was found is told by what is not met, rather than by what is', () => {
  const tests = { what: 'tests', observed: '3', limit: 'at least 1', state: 'met' } as const;
  const failed = { what: 'failed tests', observed: '1, the first: x', limit: 'none' } as const;

  assert.match(found([tests, { ...failed, state: 'unmet' }], 'unit'), / 1, the first: x \(none\) /);
});
