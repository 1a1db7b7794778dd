import type { Retention } from './retention.ts';

/** A backup that must be there before a release is brought in, as a plan holds it. */
export interface PlannedBackup {
  readonly name: string;
  readonly driver: string;
  /** How old what it holds may be. */
  readonly ageMs: number;
  /** Taken by the deployment itself, as it changes what it holds; missing when one from before does, too. */
  readonly isOwn?: true;
  /** How many tables or files it must hold at least. */
  readonly partsMin: number;
  /** How long taking and trying it out may last. */
  readonly timeBoxMs: number;
  /** What stays of those before when it is verified; all when missing. */
  readonly keep?: Retention;
  /** The server takes one as often; missing when only deployments do. */
  readonly everyMs?: number;
  /** The server keeps the log, at most so far behind; missing when none is kept. */
  readonly logWithinMs?: number;
  /** Of the driver's configuration, which is kept apart: it may be secret. */
  readonly configDigest: string;
}
