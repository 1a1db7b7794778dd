/** What is done to a process. */
export type Blow =
  | { readonly kind: 'kill' }
  /** SIGSTOP, and SIGCONT after so long: what a paused machine looks like to the others. */
  | { readonly kind: 'freeze'; readonly forMs: number };

export const strikeKinds = ['kill', 'freeze'] as const;
export type StrikeKind = (typeof strikeKinds)[number];

/** Of the rollouts in which processes are frozen: short, so that a pause outlives it soon. */
export const FREEZE_LEASE_MS = 4_000;
/** With the time between two renewals, 0.8 s, still shorter than the lease. */
export const SHORT_FREEZE_MS = 1_500;
/** Longer than the lease, what a server needs to see that its database is silent, and slack. */
export const LONG_FREEZE_MS = 8_500;

export function tellBlow(blow: Blow): string {
  return blow.kind === 'kill' ? 'SIGKILL' : `SIGSTOP for ${blow.forMs / 1_000} s`;
}
