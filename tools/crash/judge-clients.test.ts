import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntry } from '../../src/core/audit/audit-entry.ts';
import { anOutcome } from '../load/outcome-builder.ts';
import type { Outcome } from '../load/outcome.ts';
import type { CrashRun } from './crash-run.ts';
import { judgeClients } from './judge-clients.ts';
import type { Victim } from './victim.ts';

/** One second long, with its kill in the middle. */
function aRun(victim: Victim, fromMs: number, changes: Partial<CrashRun> = {}): CrashRun {
  const atMs = fromMs + 500;
  return {
    plan: {
      victim,
      blow: { kind: 'kill' },
      step: 'judge-50',
      moment: 'CommandIssued',
      way: 'good',
    },
    id: 'd2',
    release: '2.0',
    outcome: 'promoted',
    strike: { pid: 1, atMs, sentAtMs: atMs, overAtMs: atMs + 10 },
    landedAt: '',
    fromMs,
    toMs: fromMs + 900,
    violations: [],
    audit: [],
    routing: [],
    ...changes,
  };
}

function failed(fromMs: number, toMs: number, changes: Partial<Outcome> = {}): Outcome {
  const times = { startedAtMs: fromMs, intendedAtMs: fromMs, durationMs: toMs - fromMs };
  return anOutcome({ outcome: 'failed', reason: 'reset-reused', ...times, ...changes });
}

function violations(
  runs: readonly CrashRun[],
  outcomes: readonly Outcome[],
): readonly (readonly string[])[] {
  const clients = { history: { outcomes, marks: [] }, isEveryWriteThere: true };
  return judgeClients(runs, clients).map((run) => run.violations);
}

const issued = (step: string, atMs: number): AuditEntry =>
  ({ at: new Date(atMs).toISOString(), body: { kind: 'CommandIssued', step } }) as AuditEntry;

test('what was under way on the killed process is counted and is no violation', () => {
  const history = { outcomes: [failed(1480, 1520), anOutcome({ startedAtMs: 1600 })], marks: [] };
  const runs = [aRun('edge', 1000)];

  const [run] = judgeClients(runs, { history, isEveryWriteThere: true });

  assert.deepEqual(run?.violations, []);
  assert.equal(run.clientErrors.length, 1);
  assert.equal(run.requests, 2);
});

test('however many errors there are, one that the strike does not explain is told', () => {
  const many = Array.from({ length: 100 }, () => failed(1480, 1520));
  const late = failed(1900, 1901, { reason: 'refused', kind: 'api' });

  assert.deepEqual(violations([aRun('edge', 1000)], [...many, late]), [
    ['Of 101 client errors the strike does not explain 1: GET api refused (400 to 401 ms).'],
  ]);
});

test('a request from the run before counts where it was seen to fail', () => {
  const runs = [aRun('edge', 1000), aRun('edge', 2000)];

  assert.deepEqual(violations(runs, [failed(1900, 2510)]), [[], []]);
});

test('an error before the first run, or after the last, lies in a run all the same', () => {
  const [first, last] = violations(
    [aRun('edge', 1000), aRun('edge', 2000)],
    [failed(10, 20), failed(9000, 9001)],
  );

  assert.match(first?.[0] ?? '', /does not explain 1:/);
  assert.match(last?.[0] ?? '', /does not explain 1:/);
});

test('where no process was killed, or it lived on, no error is explained', () => {
  const lived = { pid: 1, atMs: 2500, sentAtMs: 2500, overAtMs: null };
  const runs = [aRun('edge', 1000, { strike: null }), aRun('edge', 2000, { strike: lived })];

  const [none, living] = violations(runs, [failed(1480, 1520), failed(2480, 2520)]);

  assert.match(none?.[0] ?? '', /does not explain 1:/);
  assert.match(living?.[0] ?? '', /does not explain 1:/);
});

test('a candidate may cost a comment only once it was sent requests', () => {
  const comment = { kind: 'comment', method: 'POST', idempotent: false } as const;
  const error = failed(1490, 1520, { ...comment, reason: 'status-502' });
  const before = aRun('candidate', 1000, { audit: [issued('probe-candidate', 1400)] });
  const later = aRun('candidate', 1000, { audit: [issued('shift-20', 1400)] });

  assert.match(violations([before], [error])[0]?.[0] ?? '', /POST comment status-502/);
  assert.deepEqual(violations([later], [error]), [[]]);
});

test('a frozen process is judged as frozen and not as killed', () => {
  const plan = { ...aRun('edge', 1000).plan, blow: { kind: 'freeze', forMs: 400 } } as const;
  const strike = { pid: 1, atMs: 1500, sentAtMs: 1501, overAtMs: 1900 };
  const [run] = violations([aRun('edge', 1000, { plan, strike })], [failed(1480, 1520)]);

  assert.match(run?.[0] ?? '', /does not explain 1: GET page reset-reused/);
});

test('a time-out that is seen in the next run is explained by the freeze that caused it', () => {
  const plan = { ...aRun('edge', 1000).plan, blow: { kind: 'freeze', forMs: 400 } } as const;
  const strike = { pid: 1, atMs: 1500, sentAtMs: 1501, overAtMs: 1900 };
  const runs = [aRun('edge', 1000, { plan, strike }), aRun('server', 2000)];
  const timeout = { reason: 'timeout' } as const;

  assert.deepEqual(violations(runs, [failed(1600, 2400, timeout)]), [[], []]);
  assert.match(
    violations(runs, [failed(1950, 2400, timeout)])[1]?.[0] ?? '',
    /does not explain 1: GET page timeout/,
  );
});

test('a server may cost nothing, and what the run itself found is kept', () => {
  const run = aRun('server', 1000, { violations: ['The edge has 2 workers.'] });

  const [found] = violations([run], [failed(1480, 1520)]);

  assert.equal(found?.length, 2);
  assert.equal(found[0], 'The edge has 2 workers.');
});
