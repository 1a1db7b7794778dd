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

/**
 * When a deployment began and ended, on the clock of the load client's history. A request belongs to
 * the deployment under which it was sent, also when it ends later; a session to the one under which it
 * ended.
 */
export interface DemoSpan {
  readonly release: string;
  readonly summary: DeploymentSummary;
  readonly fromMs: number;
  readonly toMs: number;
  /** Since when a reverted candidate had no traffic; null when it never had any. */
  readonly zeroAtMs: number | null;
}

/** Failed requests that could have been repeated, and ended when nothing bad had traffic any more. */
export function idempotentErrorsAfterZero(
  { fromMs, toMs, zeroAtMs }: DemoSpan,
  history: History,
): number {
  const sinceMs = zeroAtMs ?? fromMs;
  return cutHistory(history, fromMs, toMs).filter(
    ({ outcome, idempotent, intendedAtMs, durationMs }) =>
      outcome !== 'ok' && idempotent && intendedAtMs + durationMs >= sinceMs,
  ).length;
}

export function demoRow({ release, summary, fromMs, toMs }: DemoSpan, history: History): DemoRow {
  const outcomes = cutHistory(history, fromMs, toMs);
  const bad = outcomes.filter(({ outcome }) => outcome !== 'ok');
  return {
    release,
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
