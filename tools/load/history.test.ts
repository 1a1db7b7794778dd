import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutHistory, parseHistory, phasesOf } from './history.ts';
import { anOutcome } from './outcome-builder.ts';

function aFile(...entries: readonly object[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

const failed = { outcome: 'failed', reason: 'status-500', status: 500 } as const;

test('a history is cut into phases at its marks', () => {
  const history = parseHistory(
    aFile(
      { load: { seed: 1 } },
      anOutcome({ startedAtMs: 10 }),
      { mark: 'deploy 2.0', atMs: 20 },
      anOutcome({ startedAtMs: 30, ...failed }),
      anOutcome({ startedAtMs: 31, method: 'POST', idempotent: false, ...failed }),
      { mark: 'deploy 3.0', atMs: 40 },
      anOutcome({ startedAtMs: 40 }),
    ),
  );

  const phases = phasesOf(history).map(({ name, requests, errors, idempotentFailed }) => ({
    name,
    requests,
    errors,
    idempotentFailed,
  }));

  assert.deepEqual(phases, [
    { name: 'start', requests: 1, errors: 0, idempotentFailed: 0 },
    { name: 'deploy 2.0', requests: 2, errors: 2, idempotentFailed: 1 },
    { name: 'deploy 3.0', requests: 1, errors: 0, idempotentFailed: 0 },
  ]);
});

test('a cut takes requests by their start and sessions by their end', () => {
  const history = parseHistory(
    aFile(
      anOutcome({ id: 'request', startedAtMs: 15, durationMs: 500 }),
      anOutcome({ id: 'session', kind: 'sse', startedAtMs: 0, intendedAtMs: 0, durationMs: 15 }),
      anOutcome({ id: 'later', startedAtMs: 20 }),
    ),
  );

  const ids = cutHistory(history, 10, 20).map(({ id }) => id);

  assert.deepEqual(ids, ['request', 'session']);
});

test('the unfinished last line of a killed client is left out', () => {
  const history = parseHistory(`${aFile(anOutcome())}{"id":"1","kind":"pa`);

  assert.equal(history.outcomes.length, 1);
});

test('a broken line inside is refused with its number', () => {
  assert.throws(() => parseHistory(`${aFile(anOutcome())}oops\n${aFile(anOutcome())}`), /line 2/);
  assert.throws(() => parseHistory('{}\n'), /line 1/);
});
