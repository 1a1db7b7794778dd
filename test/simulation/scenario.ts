import type { PlannedFault } from './fault.ts';

/** What a release is like once it runs. */
export const releaseBehaviours = [
  'good',
  'exits',
  'never-accepts',
  'fails-probes',
  'errors',
  'errors-at-all-traffic',
  'errors-once',
  'slow',
  /** With a good status, and with other content than the release before. */
  'differs',
  /** Within the absolute limits of who compares, and slower than the release before. */
  'slower',
  /** The same, and some of what it is asked fails. */
  'fails-more',
  /** Answers some of its requests, and never the others. */
  'hangs',
  /** A migration of it is refused by the database. */
  'migration-fails',
  /** One takes rows away. */
  'loses-rows',
  /** One keeps everybody from a table for longer than is allowed. */
  'locks-long',
  /** One takes away what the release before cannot do without. */
  'breaks-old-code',
  /** Once it is asked anything it changes the schema by itself. */
  'alters-schema',
] as const;

export type ReleaseBehaviour = (typeof releaseBehaviours)[number];

/** What is deployed over what, and how. */
export const planShapes = [
  'two-shifts',
  'mirrored',
  'blue-green',
  'rolling',
  'approved',
  'baseline',
  /** Two services, of which one depends on the other. */
  'together',
  'repair',
  'rollback',
  'first',
  /** Judged beside the release before at two shares, and watched by the balancer for hangs. */
  'compared',
  /** With a database: backed up, its migrations tried on the backup and then applied. */
  'migrated',
] as const;

export type PlanShape = (typeof planShapes)[number];

/** All that a run depends on: the same scenario gives the same run, event by event. */
export interface Scenario {
  readonly seed: number;
  readonly release: ReleaseBehaviour;
  /** Two shifts when nothing is said. */
  readonly shape?: PlanShape;
  readonly faults: readonly PlannedFault[];
  /** The faults are planned for calls that are known to come. */
  readonly mustStrike?: boolean;
}
