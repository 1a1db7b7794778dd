import type { WirePoint } from './wire/wire-point.ts';

/** What is done to a process. */
export type Blow =
  | { readonly kind: 'kill' }
  /** SIGSTOP, and SIGCONT after so long: what a paused machine looks like to the others. */
  | { readonly kind: 'freeze'; readonly forMs: number }
  /** Not at an entry of the record but between two of them. */
  | { readonly kind: 'wire'; readonly point: WirePoint };

export const strikeKinds = ['kill', 'freeze', 'wire'] as const;
export type StrikeKind = (typeof strikeKinds)[number];

/** Of the rollouts in which processes are frozen: short, so that a pause outlives it soon. */
export const FREEZE_LEASE_MS = 4_000;
/** With the time between two renewals, 0.8 s, still shorter than the lease. */
export const SHORT_FREEZE_MS = 1_500;
/** Longer than the lease, what a server needs to see that its database is silent, and slack. */
export const LONG_FREEZE_MS = 8_500;

export function tellBlow(blow: Blow): string {
  switch (blow.kind) {
    case 'kill':
      return 'SIGKILL';
    case 'freeze':
      return `SIGSTOP for ${blow.forMs / 1_000} s`;
    case 'wire':
      return `${blow.point.place} ${blow.point.deed}`;
  }
}

/** What the sums are kept by. */
export function strikeOf(blow: Blow): string {
  if (blow.kind !== 'freeze') return blow.kind === 'kill' ? 'kill' : tellBlow(blow);
  return blow.forMs < LONG_FREEZE_MS ? 'short freeze' : 'long freeze';
}
