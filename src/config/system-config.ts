/**
 * What surefoot.yaml says once it is validated: defaults filled in, variables replaced, durations in
 * milliseconds and percentages as fractions. Field names are those of the file.
 */
import type { S3Place } from '../core/backup/s3-place.ts';
import type { Retention } from '../core/backup/retention.ts';
import type { Exemption } from '../core/compliance/control.ts';
import type { GaugeName } from '../core/model/instance-usage.ts';
import type { Assignment } from '../core/model/routing.ts';
import type {
  CheckDeclaration,
  PreviewDeclaration,
} from '../core/validation/planned-validation.ts';
import type { Waiver } from '../core/validation/waiver.ts';
import type { Windows } from '../core/windows/deployment-window.ts';

/** A driver and its part of the configuration, as the driver's own schema gave it back. */
export interface DriverChoice {
  readonly driver: string;
  readonly config: unknown;
}

/** What is backed up, and what a backup of it must be. */
export interface BackupChoice extends DriverChoice {
  /** How old what it holds may be. */
  readonly age: number;
  /** How many it must hold at least. */
  readonly parts: number;
  /** How long taking and trying it out may last. */
  readonly timeBox: number;
  /** All stay when missing. */
  readonly keep?: Retention;
  /** How often the server takes one; only deployments do when missing. */
  readonly every?: number;
  /** What asks what was restored; nobody when missing. */
  readonly verify?: BackupVerifyConfig;
  /** Missing when no log is kept between two. */
  readonly log?: { readonly within: number };
}

export interface BackupVerifyConfig {
  readonly run: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly timeBox: number;
}

export interface MigrationChoice extends DriverChoice {
  /** Relative to the folder of surefoot.yaml, and may hold `{version}`. */
  readonly path: string;
  readonly lockTimeout: number;
  readonly blocked: number;
  readonly rowsLost: number;
  readonly timeBox: number;
  /** Over the target's, while they are rehearsed. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ServiceDatabaseConfig {
  readonly url: string;
  readonly variable: string;
  /** The only one when missing. */
  readonly backup?: string;
  readonly migrations?: MigrationChoice;
  /** Queries by name. */
  readonly invariants: Readonly<Record<string, string>>;
  /** Objects of the schema that are not compared. */
  readonly changing: readonly string[];
}

export interface SystemConfig {
  readonly version: 1;
  readonly system: string;
  readonly profile: 'critical' | 'standard';
  readonly environments: Readonly<Record<string, EnvironmentConfig>>;
  /** The state directory when missing. */
  readonly backupStore?: S3Place;
  readonly services: Readonly<Record<string, ServiceConfig>>;
}

export interface EnvironmentConfig {
  readonly variables: Readonly<Record<string, string>>;
  /** Missing when its services may be deployed at any time. */
  readonly windows?: Windows;
}

export interface ServiceConfig {
  /** Names of services that come first when several are deployed together. */
  readonly dependsOn: readonly string[];
  /** `path` still holds `{version}` and is relative to the folder of surefoot.yaml. */
  readonly release: { readonly path: string };
  readonly target: DriverChoice;
  readonly balancer: DriverChoice;
  readonly probes: readonly NamedProbe[];
  readonly rollout: RolloutConfig;
  /** Missing when it may be deployed at any time. */
  readonly windows?: Windows;
  readonly traffic?: TrafficConfig | undefined;
  /** Missing when it keeps nothing. */
  readonly backups?: Readonly<Record<string, BackupChoice>>;
  readonly database?: ServiceDatabaseConfig;
  /** Missing when nothing is checked. */
  readonly validation?: ValidationConfig | undefined;
}

export interface ValidationConfig {
  /** Relative to the folder of surefoot.yaml, and may hold `{version}`; the release when missing. */
  readonly source?: string | undefined;
  readonly timeBox: number;
  /** How old a report may be that is used again. */
  readonly reuse: number;
  readonly waivers: readonly Waiver[];
  /** Missing when nobody has stated anything. */
  readonly vex?: VexConfig | undefined;
  readonly preview?: PreviewConfig;
  readonly checks: Readonly<Record<string, CheckConfig>>;
  /** Missing when it is held to no profile. */
  readonly compliance?: ComplianceConfig | undefined;
}

export interface VexConfig {
  /** Paths, relative to the folder of surefoot.yaml. */
  readonly files: readonly string[];
  /** Package URL, which may hold `{version}`. */
  readonly product?: string | undefined;
}

export interface ComplianceConfig {
  /** `builtin:…`, or relative to the folder of surefoot.yaml. */
  readonly profile: string;
  readonly notApplicable: readonly Exemption[];
}

export interface PreviewConfig extends PreviewDeclaration {
  readonly env: Readonly<Record<string, string>>;
}

export interface CheckConfig extends CheckDeclaration {
  readonly env: Readonly<Record<string, string>>;
}

export interface TrafficConfig {
  readonly requestsPerSecond: number;
  readonly errorRate: number;
  readonly latency: { readonly p50: number; readonly p99: number };
}

export interface NamedProbe extends DriverChoice {
  readonly name: string;
}

export interface ApprovalConfig {
  readonly before: number;
  readonly approvers: number;
  readonly exceptStarter: boolean;
  readonly deadline: number;
}

export interface RolloutConfig {
  readonly strategy: StrategyConfig;
  readonly lease: number;
  /** 0 when the candidate gets its share of all requests at once. */
  readonly safeFirst: number;
  /** In percent of the candidate's safe requests; 0 when a late one is left alone. */
  readonly hedge: number;
  readonly assignment?: Assignment | undefined;
  readonly probing: {
    readonly consecutive: number;
    readonly interval: number;
    readonly deadline: number;
  };
  readonly gate: {
    readonly holdFor: number;
    readonly deadline: number;
    readonly minSamples: number;
    readonly compare: readonly ('errors' | 'latency')[];
    /** Missing when nothing that instances take up is looked at. */
    readonly resources?: ResourcesConfig;
    readonly excludeHarm: boolean;
    readonly warmUp: number;
    readonly callerHeader?: string | undefined;
    /** A fraction: 0.0001 is 0.01 %. */
    readonly errorRate: number;
    readonly latency: {
      readonly quantile: 'p50' | 'p90' | 'p95' | 'p99' | 'p99.9';
      readonly max: number;
    };
  };
  readonly approvals: readonly ApprovalConfig[];
  readonly trip: {
    readonly connectErrors: number;
    readonly serverErrors: number;
    readonly timeouts: number;
    /** Missing when requests that hang only time out. */
    readonly hangAfterMs?: number;
  };
  readonly drain: number;
  /** 0 without a baseline. */
  readonly baselineInstances: number;
  /** 0 when the old release is not kept. */
  readonly keepOld: number;
  /** Missing when nothing is mirrored. */
  readonly mirror?: MirrorConfig;
}

/** `memory` in bytes; what is missing is not looked at. */
export type ResourcesConfig = Readonly<
  Partial<Record<GaugeName, { readonly limit: number; readonly safeLife: number }>>
>;

export interface MirrorConfig {
  readonly percent: number;
  readonly minSamples: number;
  readonly deadline: number;
  /** A fraction: 0.001 is 0.1 %. */
  readonly maxDifferent: number;
  readonly maxInFlight: number;
  readonly maxPerSecond: number;
  readonly skip: readonly string[];
  readonly compare: { readonly headers: readonly string[]; readonly ignore: readonly string[] };
}

/** The strategy with the keys that are its own; each step with its floors. */
export type StrategyConfig =
  | { readonly kind: 'canary'; readonly steps: readonly StepConfig[] }
  | { readonly kind: 'blue-green'; readonly proof: number }
  /** A number of instances, or a fraction of the pool. */
  | {
      readonly kind: 'rolling';
      readonly batch: { readonly instances: number } | { readonly share: number };
    };

export interface StepConfig {
  readonly weight: number;
  readonly holdFor: number;
  readonly minSamples: number;
}
