import type { DeploymentSummary } from '../../src/core/deployment/deployment-summary.ts';
import { cutHistory, type History } from '../load/history.ts';

/** One line of the demo's table. Requests and errors are the load client's own count. */
export interface DemoRow {
  readonly release: string;
  readonly outcome: 'promoted' | 'reverted' | 'held';
  readonly requests: number;
  /** Requests that the load client saw fail, or whose end it does not know. */
  readonly clientErrors: number;
  readonly idempotentErrors: number;
  readonly exposure: { readonly requests: number; readonly budgetSeconds: number };
  readonly decisionToZeroMs: number | null;
  readonly totalMs: number;
}

/** When a deployment began and ended, on the clock of the load client's history. */
export interface DemoSpan {
  readonly summary: DeploymentSummary;
  readonly fromMs: number;
  readonly toMs: number;
}

export function demoRow({ summary, fromMs, toMs }: DemoSpan, history: History): DemoRow {
  const outcomes = cutHistory(history, fromMs, toMs);
  const bad = outcomes.filter(({ outcome }) => outcome !== 'ok');
  return {
    release: summary.release,
    outcome: summary.outcome,
    requests: outcomes.length,
    clientErrors: bad.length,
    idempotentErrors: bad.filter(({ idempotent }) => idempotent).length,
    exposure: {
      requests: summary.exposure.requests,
      budgetSeconds: summary.exposure.budgetSeconds,
    },
    decisionToZeroMs: summary.decisionToZeroMs,
    totalMs: summary.totalMs,
  };
}
