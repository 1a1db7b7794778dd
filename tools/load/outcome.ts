/** What became of one request, or of one long-lived session, as the client saw it. */
export interface Outcome {
  readonly id: string;
  readonly kind: string;
  readonly method: string;
  /** True when a balancer may repeat it unasked: GET requests, but not streams once they are open. */
  readonly idempotent: boolean;
  /** Wall time in ms at which it was really sent; late by `startedAtMs - intendedAtMs`. */
  readonly startedAtMs: number;
  readonly intendedAtMs: number;
  /** From the intended time to the end: what a user who wanted it then would have waited. */
  readonly durationMs: number;
  readonly status: number | null;
  /** `unknown`: a POST whose answer was lost, so that it may or may not have been done. */
  readonly outcome: 'ok' | 'failed' | 'unknown';
  /** Why it is not ok; `reconnected` on a session that the server ended politely. */
  readonly reason: string | null;
  readonly version: string | null;
  /** Wall time in ms at which its connection was begun, perhaps for an earlier request; null if unknown. */
  readonly connectionFromMs: number | null;
}

/** The part of an outcome that the wire decides. */
export type Answer = Pick<
  Outcome,
  'status' | 'outcome' | 'reason' | 'version' | 'connectionFromMs'
>;
