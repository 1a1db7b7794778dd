/**
 * What a report says, one thing at a time: every reader gives these, whatever its format, and every rule is a fold
 * over them. So a report of any length is judged in the memory of one fact.
 */
import type { FoundPlace } from './found-place.ts';
import type { Level } from './level.ts';

export type Fact =
  /** Who wrote the report. */
  | { readonly kind: 'tool'; readonly name: string; readonly version: string | null }
  /** How much was looked at; of several with the same unit the sum counts. */
  | { readonly kind: 'covered'; readonly unit: CoveredUnit; readonly count: number }
  | ({ readonly kind: 'finding' } & Finding)
  | ({ readonly kind: 'test' } & TestResult)
  /** Of a source file or a part of it; of several the sum counts. */
  | {
      readonly kind: 'coverage';
      readonly metric: CoverageMetric;
      readonly covered: number;
      readonly total: number;
    }
  | ({ readonly kind: 'component' } & Component)
  | ({ readonly kind: 'control' } & ControlResult)
  | ({ readonly kind: 'load' } & LoadResult)
  | ({ readonly kind: 'stress' } & StressResult)
  | ({ readonly kind: 'metric' } & MetricSample)
  | ({ readonly kind: 'statement' } & SignedStatement)
  /** What the tool judges by, and when that was made: since 1970. */
  | { readonly kind: 'database'; readonly name: string; readonly builtAtMs: number }
  /** When something that was looked at is no longer valid: since 1970. */
  | { readonly kind: 'expiry'; readonly what: string; readonly atMs: number }
  /** The tool itself says that it did not do all of its work. */
  | { readonly kind: 'incomplete'; readonly message: string };

export type CoveredUnit = 'file' | 'rule' | 'package' | 'request';

export type CoverageMetric = 'lines' | 'branches' | 'functions';

export interface Finding {
  readonly rule: string;
  /** What else it is known by: a CVE beside a GHSA. */
  readonly aliases?: readonly string[];
  readonly level: Level;
  readonly message: string;
  /** Of a vulnerability: what has it. */
  readonly component?: {
    readonly name: string;
    readonly version: string;
    /** As in a `PackageName`; missing when the tool does not say. */
    readonly ecosystem?: string | null;
  };
  /** All that it is at; none when the tool names no place at all. */
  readonly places: readonly FoundPlace[];
  /** The tool was told to put up with it, in the source or in a baseline. */
  readonly isSuppressed: boolean;
}

export interface TestResult {
  /** With the names of what it stands in. */
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Of one that has failed. */
  readonly message: string | null;
}

/** Something that a release is made of. */
export interface Component {
  readonly name: string;
  readonly version: string | null;
  /** SPDX expressions, or a name where the tool knows none; empty when it does not say. */
  readonly licences: readonly string[];
}

export interface ControlResult {
  readonly id: string;
  readonly title: string;
  /** How bad it is when it fails. */
  readonly level: Level;
  readonly outcome: ControlOutcome;
  /** Why, of one that has not passed. */
  readonly message: string | null;
}

export const controlOutcomes = [
  'passed',
  'failed',
  'error',
  'not-applicable',
  'not-checked',
  'waived',
] as const;

/** `error`: it could not be found out. `not-checked`: nobody tried to. `waived`: the tool was told to leave it out. */
export type ControlOutcome = (typeof controlOutcomes)[number];

/** What a target did under load. */
export interface LoadResult {
  /** All that came to an end, failed ones too. */
  readonly requests: number;
  /** Without an answer, or with one that says so. */
  readonly failed: number;
  readonly durationMs: number;
  /** Answers without a failure. */
  readonly ratePerSecond: number;
  /** Those that the tool reports. */
  readonly latencyMs: LatencyQuantiles;
  /** Whether the load was what it should be; null of a tool that does not say. */
  readonly generator: GeneratorState | null;
}

/** `p50`, `p95`, `p99.9`, `max`. */
export type LatencyQuantiles = Readonly<Record<string, number>>;

export interface GeneratorState {
  readonly keptUp: boolean;
  /** In one sentence. */
  readonly observed: string;
}

/** What a target bore while the load was raised. */
export interface StressResult {
  /** The highest rate that it bore. */
  readonly capacityPerSecond: number;
  /** What ended it; `nothing`: the highest rate asked for was borne. */
  readonly limitedBy: 'target' | 'generator' | 'nothing';
  /** Until it was as before the load; null when it did not become so while that was looked at. */
  readonly recoveryMs: number | null;
  /** In one sentence, of the step that it did not bear. */
  readonly observed: string | null;
}

/** What a person says of a release, and stands for. */
export interface SignedStatement {
  readonly system: string;
  readonly service: string;
  readonly versions: readonly string[];
  /** Digest of the only one that it is about; null of whatever has these versions. */
  readonly artifact: string | null;
  /** Since 1970. */
  readonly madeAtMs: number;
  readonly isPassed: boolean;
  /** Whose signature it is, which was found to be right. */
  readonly signer: string;
}

/** One value of one series. */
export interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** May be NaN or infinite: that is what it says then. */
  readonly value: number;
}
