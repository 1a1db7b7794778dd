/** What became of a check; only `PASS` lets a deployment go on. */
export const outcomes = ['PASS', 'FAIL', 'ERROR', 'NOT_RUN', 'STALE'] as const;

/**
 * `FAIL`: the release is not good enough. `ERROR`: it could not be found out. `NOT_RUN`: nobody tried to. `STALE`: what
 * it was judged by is too old.
 */
export type Outcome = (typeof outcomes)[number];
