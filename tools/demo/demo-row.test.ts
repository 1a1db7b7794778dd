import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeploymentSummary } from '../../src/core/deployment/deployment-summary.ts';
import { anOutcome } from '../load/outcome-builder.ts';
import { demoRow, idempotentErrorsAfterZero, type DemoSpan } from './demo-row.ts';

const summary: DeploymentSummary = {
  outcome: 'reverted',
  cause: null,
  exposure: {
    requests: 9,
    failures: 3,
    clientErrors: 3,
    idempotentClientErrors: 2,
    rescued: 0,
    budgetSeconds: 0.1,
    isWhole: true,
  },
  decisionToZeroMs: 1,
  totalMs: 900,
};

function aSpan(changes: Partial<DemoSpan> = {}): DemoSpan {
  return { release: '3.0', summary, fromMs: 1000, toMs: 2000, zeroAtMs: 1500, ...changes };
}

const failedAt = (atMs: number, durationMs: number, idempotent = true) =>
  anOutcome({
    outcome: 'failed',
    idempotent,
    startedAtMs: atMs,
    intendedAtMs: atMs,
    durationMs,
  });

test('errors before the traffic was gone are shown and break no promise', () => {
  const history = { outcomes: [failedAt(1400, 50)], marks: [] };

  assert.equal(demoRow(aSpan(), history).idempotentErrors, 1);
  assert.equal(idempotentErrorsAfterZero(aSpan(), history), 0);
});

test('errors of requests that were sent later, or in flight then, are counted', () => {
  const outcomes = [failedAt(1400, 200), failedAt(1600, 5), failedAt(1600, 5, false)];

  assert.equal(idempotentErrorsAfterZero(aSpan(), { outcomes, marks: [] }), 2);
});

test('each request belongs to the deployment under which it was sent, each session to that under which it ended', () => {
  const late = failedAt(1999, 600);
  const cut = anOutcome({ ...failedAt(900, 1600, false), kind: 'sse' });
  const history = { outcomes: [failedAt(999, 5), late, cut, failedAt(2500, 5)], marks: [] };

  const next = demoRow(aSpan({ fromMs: 2000, toMs: 2500 + 1 }), history);

  assert.equal(demoRow(aSpan(), history).clientErrors, 1, 'the late one');
  assert.equal(next.clientErrors, 2, 'the cut session and its own request');
});

test('where the candidate never had traffic every such error counts', () => {
  const history = { outcomes: [failedAt(1001, 5)], marks: [] };

  assert.equal(idempotentErrorsAfterZero(aSpan({ zeroAtMs: null }), history), 1);
});
