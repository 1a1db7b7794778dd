/** Who can mend it: the same call again, a person, or nobody with this input. */
export type Recovery = 'retry' | 'operator' | 'never';

/** What the failed call may have changed. `unknown` forces an observation before anything else. */
export type Effect = 'none' | 'applied' | 'unknown';

export interface FailureEntry {
  readonly summary: string;
  readonly remedy: string;
  readonly recovery: Recovery;
  readonly httpStatus: 400 | 404 | 409 | 413 | 422 | 423 | 500 | 502 | 503 | 504;
  readonly exitCode: 1 | 2 | 3 | 4 | 5 | 6;
}
