/**
 * A plan is data: every step with its action, deadline and what happens when it fails, and the
 * revert, all computed before anything is touched. Approvals bind to its digest.
 */
import type { PlannedBackup } from '../backup/planned-backup.ts';
import type { PlannedDatabase } from '../migration/planned-database.ts';
import type { DeploymentId, PoolId, Scope } from '../model/ids.ts';
import type { PoolSpec } from '../model/pool.ts';
import type { RequestLimits } from '../model/request-limits.ts';
import type { Assignment, Lease, TripRules } from '../model/routing.ts';
import type { MirrorLimits } from '../gates/judge-mirror.ts';
import type { TrafficLimits } from '../gates/judge-traffic.ts';
import type { MirrorRules } from '../mirror/mirror-rules.ts';
import type { ComparisonPolicy } from '../verdict/comparison.ts';
import type { PlannedValidation } from '../validation/planned-validation.ts';
import type { GaugeLimits } from '../verdict/gauge-blocks.ts';
import type { MetricFamily } from '../verdict/verdict-settings.ts';
import type { Windows } from '../windows/deployment-window.ts';
import type { ApprovalPolicy } from './approval-gates.ts';
import type { Strategy } from './strategy.ts';

/** What identifies a release beyond its name: two plans of equal identities do the same. */
export interface ReleaseIdentity {
  readonly version: string;
  readonly artifactDigest: string;
  readonly configDigest: string;
}

/** A pool as planned. Its environment may be secret and is kept apart, under the config digest. */
export type PlannedPool = Omit<PoolSpec, 'environment'> & { readonly stopGraceMs: number };

/** Weights to write; the endpoints are those that the target reports when it is written. */
export interface PlannedSplit {
  readonly weights: readonly {
    readonly pool: PoolId;
    readonly version: string;
    readonly weight: number;
  }[];
  readonly stable: PoolId | null;
  readonly lease: Lease | null;
}

/** Copies of requests for a candidate that has no traffic yet, and what its answers must show. */
export interface MirrorPolicy {
  readonly rules: MirrorRules;
  readonly limits: MirrorLimits;
  readonly deadlineMs: number;
}

/** How a release is brought in, after defaults. */
export interface RolloutPolicy {
  readonly strategy: Strategy;
  readonly leaseTtlMs: number;
  readonly trip: TripRules;
  /** By what clients stay with their release; missing when each request has its turn. */
  readonly assignment?: Assignment;
  /** Safe requests that the candidate answers well before it gets others; missing for all at once. */
  readonly safeFirst?: number;
  /** Share of late safe requests that the stable pool is asked for, too; missing when they are left alone. */
  readonly hedgePercent?: number;
  /** Names a client whose failures count once. */
  readonly callerHeader?: string;
  readonly probing: ProbingPolicy & { readonly deadlineMs: number };
  /** Missing when nobody need approve. */
  readonly approvals?: readonly ApprovalPolicy[];
  /** What live traffic must show; its floors are for whatever has none of its own. */
  readonly limits: TrafficLimits;
  readonly judgeDeadlineMs: number;
  /** How long the old pool stays warm when the last gate is open, under the lease still; 0 when it does not. */
  readonly keepOldMs: number;
  /** What is compared with the stable release while both answer; empty when nothing is. */
  readonly compare: readonly MetricFamily[];
  /** What is judged of the resources; missing when they are not compared. */
  readonly gauges?: GaugeLimits;
  /** Instances of a fresh pool of the stable release to be compared with; missing or 0 without one. */
  readonly baselineInstances?: number;
  /** Whether all of the traffic waits for evidence that the candidate does no harm. */
  readonly excludeHarm: boolean;
  /** Responses of each instance that the comparison leaves out. */
  readonly warmUpResponses: number;
  readonly drainMs: number;
  /** Missing when nothing is mirrored. */
  readonly mirror?: MirrorPolicy;
}

export interface PlannedProbe {
  readonly name: string;
  readonly driver: string;
  readonly config: unknown;
}

export interface ProbingPolicy {
  /** Passes in a row that an instance must show. */
  readonly consecutive: number;
  readonly intervalMs: number;
}

/** Holds the split until the verdict on live traffic; on ROLLBACK writes `onRollback` at once. */
export interface JudgeTraffic {
  readonly kind: 'judge-traffic';
  readonly candidate: PoolId;
  readonly weight: number;
  readonly limits: TrafficLimits;
  /** How the candidate is compared with the stable release; missing when it is not. */
  readonly comparison?: ComparisonPolicy;
  readonly onRollback: PlannedSplit;
}

/** Holds the mirror until the verdict on the answers to copies; on ROLLBACK writes `onRollback`. */
export interface JudgeMirror {
  readonly kind: 'judge-mirror';
  readonly candidate: PoolId;
  readonly limits: MirrorLimits;
  readonly onRollback: PlannedSplit;
}

export type Action =
  /** Every check of the service's validation passes. */
  | { readonly kind: 'validate-release' }
  /** A backup of it, by its name, that was tried out and is young enough is there, or is taken. */
  | { readonly kind: 'secure-backup'; readonly backup: string }
  /** Migrations go through on a restored backup: old code lives with what they leave, and no data is lost. */
  | { readonly kind: 'rehearse-migrations' }
  /** The database has had the service's migrations. */
  | { readonly kind: 'apply-migrations' }
  /** What must hold of the service's data does. */
  | { readonly kind: 'check-data' }
  /** How the service's database is built is noted; what is not as it was noted last has drifted. */
  | {
      readonly kind: 'note-schema';
      readonly onDrift: 'refuse' | 'tell';
      /** Why it is taken as it is. */
      readonly accepted?: string;
    }
  /** It is built as it was noted last. */
  | { readonly kind: 'check-schema' }
  /** The target shows these pools, and no other running pool. */
  | { readonly kind: 'check-pools'; readonly running: readonly PlannedPool[]; readonly as: FoundAs }
  | { readonly kind: 'ensure-pool'; readonly pool: PlannedPool }
  /** Every probe of its release on every instance of the pool. */
  | { readonly kind: 'probe-pool'; readonly pool: PlannedPool; readonly policy: ProbingPolicy }
  /** The same through the balancer, which must be answered by the pool's release. */
  | { readonly kind: 'probe-service'; readonly pool: PlannedPool; readonly policy: ProbingPolicy }
  | {
      readonly kind: 'apply-split';
      readonly split: PlannedSplit;
      /** Pools of which every instance must accept connections before it is written, at the size that they have by then. */
      readonly whole?: readonly PlannedPool[];
    }
  /** All that the way back takes is there, and it is gone: this writes what serves now, and measures how long that takes. */
  | {
      readonly kind: 'drill-revert';
      readonly pool: PlannedPool;
      readonly split: PlannedSplit;
    }
  | JudgeTraffic
  /** Holds the split until enough people have approved of this very plan; judges as above meanwhile. */
  | {
      readonly kind: 'await-approval';
      readonly approvers: number;
      readonly exceptStarter: boolean;
      readonly watched: JudgeTraffic | null;
    }
  /** Holds everything as it is until somebody ends it; on ROLLBACK of what is watched as above. */
  | { readonly kind: 'hold-traffic'; readonly watched: JudgeTraffic | null }
  | JudgeMirror
  /** Waits until the pool carries nothing; goes on after the deadline all the same. */
  | { readonly kind: 'drain-pool'; readonly pool: PoolId; readonly waitMs: number }
  | {
      readonly kind: 'stop-pool';
      readonly pool: PoolId;
      readonly graceMs: number;
      /** It is left alone when it has traffic, which then is not ours to take away. */
      readonly onlyIdle?: true;
    }
  /** Pools and split are as recorded before the deployment. */
  | {
      readonly kind: 'verify-state';
      readonly running: readonly PlannedPool[];
      readonly as: FoundAs;
      readonly split: PlannedSplit;
    };

/** `whole`: every instance accepts connections. `any`: it may be broken, and is left as it is. */
export type FoundAs = 'whole' | 'any';

export type Phase =
  'validation' | 'preparation' | 'rollout' | 'verification' | 'completion' | 'revert';

export interface Step {
  /** Unique within the plan, for people and records: `shift-10`. */
  readonly id: string;
  /** Of the service that it is about. */
  readonly scope: Scope;
  /** The line of the protocol that the step fulfils. */
  readonly row: string;
  readonly phase: Phase;
  /** One sentence in the imperative. */
  readonly title: string;
  readonly action: Action;
  /** How long one attempt may take. */
  readonly deadlineMs: number;
  /** How often the step is tried when it fails in a way that trying again can mend. */
  readonly attemptsMax: number;
}

/** A step whose service is known from where it stands. */
export type ServiceStep = Omit<Step, 'scope'>;

/** What a deployment does to one service. */
export interface PlannedService {
  readonly service: string;
  readonly scope: Scope;
  readonly release: ReleaseIdentity;
  /** What serves now and what every revert returns to; null for a first deployment. */
  readonly replaces: ReleaseIdentity | null;
  readonly candidate: PlannedPool;
  readonly stable: PlannedPool | null;
  /** A fresh pool of the stable release beside the candidate; missing without one. */
  readonly baseline?: PlannedPool;
  /** What serves when every step has passed; null when nothing does. */
  readonly leaves: PlannedPool | null;
  readonly rollout: RolloutPolicy;
  /** What is checked before anything is touched; missing when nothing is. */
  readonly validation?: PlannedValidation;
  /** What is kept safe before anything is touched; missing when nothing is. */
  readonly backups?: readonly PlannedBackup[];
  /** Missing of a service that declares none. */
  readonly database?: PlannedDatabase;
  /** When it may be deployed: each of these declarations must be open. Missing for at any time. */
  readonly windows?: readonly Windows[];
  readonly target: { readonly driver: string; readonly config: unknown };
  readonly balancer: {
    readonly driver: string;
    readonly config: unknown;
    readonly listen: { readonly host: string; readonly port: number };
    readonly requestTimeoutMs: number;
    /** Missing where the balancer has limits of its own. */
    readonly limits?: RequestLimits;
  };
  /** What the stable release is served with while the candidate has no traffic; null without one. */
  readonly requestTimeoutBeforeMs: number | null;
  /** In the same way. */
  readonly limitsBefore?: RequestLimits;
  /** What the candidate is probed with. */
  readonly probes: readonly PlannedProbe[];
  /** What the stable release is probed with: its own probes, whatever the candidate brings. */
  readonly probesBefore: readonly PlannedProbe[];
}

export interface Plan {
  readonly format: 2;
  readonly deployment: number;
  readonly id: DeploymentId;
  /**
   * `repair` is a deploy over a release that may be broken; `rollback` returns to the release before;
   * `restore` ends what a held deployment left open.
   */
  readonly kind: 'deploy' | 'repair' | 'rollback' | 'restore';
  readonly system: string;
  readonly environment: string;
  /** What others depend on comes first. */
  readonly services: readonly [PlannedService, ...PlannedService[]];
  readonly steps: readonly Step[];
  readonly revert: readonly Step[];
  /** Id of the first step that cannot be taken back; null when every step can. */
  readonly pointOfNoReturn: string | null;
}
