/** What may go wrong around a deployment that is no fault of its release. */

export const mishapKinds = [
  'server-killed',
  'database-away',
  'balancer-away',
  'target-away',
  'answer-lost',
  'instance-exits',
  'aborted',
  'shared-trouble',
] as const;

export type MishapKind = (typeof mishapKinds)[number];

export interface Mishap {
  readonly kind: MishapKind;
  readonly atMs: number;
  /** Until when it lasts; the same as `atMs` for what happens in a moment. */
  readonly untilMs: number;
}
