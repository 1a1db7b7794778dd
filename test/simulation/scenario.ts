import type { PlannedFault } from './fault.ts';

/** What a release is like once it runs. */
export const releaseBehaviours = [
  'good',
  'exits',
  'never-accepts',
  'fails-probes',
  'errors',
  'errors-at-all-traffic',
  'slow',
] as const;

export type ReleaseBehaviour = (typeof releaseBehaviours)[number];

/** All that a run depends on: the same scenario gives the same run, event by event. */
export interface Scenario {
  readonly seed: number;
  readonly release: ReleaseBehaviour;
  readonly faults: readonly PlannedFault[];
  /** The faults are planned for calls that are known to come. */
  readonly mustStrike?: boolean;
}
