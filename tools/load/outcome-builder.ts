import type { Outcome } from './outcome.ts';

/** For tests: a page that was read in time, but for the changes. */
export function anOutcome(changes: Partial<Outcome> = {}): Outcome {
  return {
    id: '0',
    kind: 'page',
    method: 'GET',
    idempotent: true,
    startedAtMs: 1000,
    intendedAtMs: 1000,
    durationMs: 5,
    status: 200,
    outcome: 'ok',
    reason: null,
    version: '1.0',
    connectionFromMs: null,
    ...changes,
  };
}
