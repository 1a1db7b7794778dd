import type { PlannedBackup } from '../backup/planned-backup.ts';
import { invariant } from '../invariant.ts';
import type { PlannedDatabase } from '../migration/planned-database.ts';
import { isBaselineId } from '../model/ids.ts';
import type {
  FoundAs,
  Plan,
  PlannedPool,
  PlannedSplit,
  RolloutPolicy,
  ServiceStep,
} from './plan.ts';
import type { PlannedValidation } from '../validation/planned-validation.ts';
import type { Stage } from './stages-of.ts';

/** What the steps of a plan are made from. */
export interface Outline {
  readonly service: string;
  readonly kind: Exclude<Plan['kind'], 'restore'>;
  readonly candidate: PlannedPool;
  readonly stable: PlannedPool | null;
  /** A fresh pool of the stable release that the candidate is compared with. */
  readonly baseline: PlannedPool | null;
  readonly rollout: RolloutPolicy;
  readonly validation: PlannedValidation | null;
  readonly backups: readonly PlannedBackup[];
  readonly database: PlannedDatabase | null;
  /** Why a schema is taken as it is found; null when it is not. */
  readonly acceptDrift: string | null;
  /** Services of the deployment that are compared: one that is found to be worse takes all of them back. */
  readonly compared: number;
  /** The candidate's way to all of the traffic; the last stage is 100 %. */
  readonly stages: readonly Stage[];
}

/** What there is for this deployment only, and has no traffic when it is over. */
export function passing({ candidate, baseline }: Outline): readonly PlannedPool[] {
  return baseline ? [candidate, baseline] : [candidate];
}

export function lastStage({ stages }: Outline): Stage {
  const last = stages.at(-1);
  invariant(last?.weight === 100, 'the last stage is all of the traffic');
  return last;
}

/** Only a deploy relies on the release that serves; the others are there for when it is broken. */
export function stableFoundAs({ kind }: Outline): FoundAs {
  return kind === 'deploy' ? 'whole' : 'any';
}

/** Time for one call to an agent that answers at once. */
export const CALL_DEADLINE_MS = 10_000;

/** An agent that restarts is back within seconds; with the back-off this waits about half a minute. */
export const ATTEMPTS_MAX = 30;

/** How many attempts the revert and what lies behind the point of no return get before HELD. */
export const ATTEMPTS_MAX_PERSISTENT = 120;

/** How often a stable pool is probed again after its probes failed during a revert. */
export const ATTEMPTS_MAX_REPROBE = 5;

/** For people, who would take a baseline for the stable pool. */
export function shareOf(pool: PlannedPool, weight: number): PlannedSplit['weights'][number] {
  const { version } = pool.release;
  return {
    pool: pool.pool,
    version: isBaselineId(pool.pool) ? `${version} baseline` : version,
    weight,
  };
}

/** All traffic on one pool, no lease: a split that needs no living controller. */
export function settledSplit(pool: PlannedPool, others: readonly PlannedPool[] = []): PlannedSplit {
  return {
    weights: [
      { pool: pool.pool, version: pool.release.version, weight: 100 },
      ...others.map((other) => shareOf(other, 0)),
    ],
    stable: pool.pool,
    lease: null,
  };
}

/** No pool at all: what a service has before its first deployment. */
export const CLOSED_SPLIT: PlannedSplit = { weights: [], stable: null, lease: null };

/** Copying and hashing an artifact has no knob of its own: a gigabyte on a slow disk fits. */
const ARTIFACT_DEADLINE_MS = 300_000;

/** The artifact is read as a whole. */
export const READ_DEADLINE_MS = ARTIFACT_DEADLINE_MS + CALL_DEADLINE_MS;

/** A backstop: the target itself ends the wait for instances after `startTimeoutMs`. */
export function ensureDeadlineMs(pool: PlannedPool): number {
  return pool.startTimeoutMs + CALL_DEADLINE_MS;
}

/** The same for a pool whose artifact is not there yet. */
export function startDeadlineMs(pool: PlannedPool): number {
  return ARTIFACT_DEADLINE_MS + ensureDeadlineMs(pool);
}

export function stopDeadlineMs(pool: PlannedPool): number {
  return pool.stopGraceMs + CALL_DEADLINE_MS;
}

/** Fills in what most steps share. */
export function step(
  fields: Omit<ServiceStep, 'attemptsMax' | 'deadlineMs'> & Partial<ServiceStep>,
): ServiceStep {
  return { attemptsMax: ATTEMPTS_MAX, deadlineMs: CALL_DEADLINE_MS, ...fields };
}
