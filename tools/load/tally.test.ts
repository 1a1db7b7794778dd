import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anOutcome } from './outcome-builder.ts';
import { createTally, type RunFigures } from './tally.ts';

function aRun(changes: Partial<RunFigures> = {}): RunFigures {
  return { rateWanted: 100, started: 100, elapsedMs: 1000, slowKinds: ['slow'], ...changes };
}

test('latencies run from the intended time and leave out what is slow by design', () => {
  const tally = createTally();
  for (let ms = 1; ms <= 100; ms += 1) tally.add(anOutcome({ durationMs: ms }));
  tally.add(anOutcome({ kind: 'slow', durationMs: 2000 }));
  tally.add(anOutcome({ kind: 'sse', durationMs: 60_000 }));
  tally.add(anOutcome({ outcome: 'failed', reason: 'timeout', status: null, durationMs: 10_000 }));

  const { latencyMs } = tally.summary(aRun());

  assert.deepEqual(latencyMs, { p50: 50, p95: 95, p99: 99, max: 100 });
});

test('a generator that keeps its schedule is not late', () => {
  const tally = createTally();
  tally.add(anOutcome({ startedAtMs: 1002, intendedAtMs: 1000 }));

  const { generatorLate, lateStartsMsP99, rateAchieved } = tally.summary(aRun());

  assert.deepEqual([generatorLate, lateStartsMsP99, rateAchieved], [false, 2, 100]);
});

test('a generator that starts too late says so', () => {
  const tally = createTally();
  tally.add(anOutcome({ startedAtMs: 1300, intendedAtMs: 1000 }));

  assert.equal(tally.summary(aRun()).generatorLate, true);
});

test('a generator that misses its rate says so', () => {
  assert.equal(createTally().summary(aRun({ elapsedMs: 1100 })).generatorLate, true);
  assert.equal(createTally().summary(aRun({ elapsedMs: 1010 })).generatorLate, false);
});

test('only failed GET requests are failed idempotent ones', () => {
  const tally = createTally();
  tally.add(anOutcome({ outcome: 'failed', reason: 'refused' }));
  tally.add(anOutcome({ outcome: 'failed', reason: 'refused', method: 'POST', idempotent: false }));
  tally.add(anOutcome({ outcome: 'unknown', reason: 'reset', method: 'POST', idempotent: false }));

  const { failed, unknown, idempotentFailed } = tally.counts();

  assert.deepEqual([failed, unknown, idempotentFailed], [2, 1, 1]);
});
