import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeploymentSummary } from '../../src/core/deployment/deployment-summary.ts';
import { anOutcome } from '../load/outcome-builder.ts';
import { demoRow, idempotentErrorsAfterZero, type DemoSpan } from './demo-row.ts';

const summary: DeploymentSummary = {
  release: '3.0',
  replaces: '2.0',
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
  return { summary, fromMs: 1000, toMs: 2000, zeroAtMs: 1500, ...changes };
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

test('where the candidate never had traffic every such error counts', () => {
  const history = { outcomes: [failedAt(1001, 5)], marks: [] };

  assert.equal(idempotentErrorsAfterZero(aSpan({ zeroAtMs: null }), history), 1);
});
