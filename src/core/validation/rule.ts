/** What a report must show for its check to pass, by what it is a report of. */
import type { CoverageMetric, CoveredUnit } from './fact.ts';
import type { Level } from './level.ts';

export type Rule =
  | FindingsRule
  | TestsRule
  | CoverageRule
  | ComponentsRule
  | ControlsRule
  | LoadRule
  | StressRule
  | MetricsRule
  | SignedRule;

export interface FindingsRule {
  readonly subject: 'findings';
  /** Findings below this level are counted and do no harm. */
  readonly level: Level;
  readonly findingsMax: number;
  /** How many the tool itself may have been told to put up with, in sources or in files of its own. */
  readonly suppressedMax: number;
  /** What the tool must have looked at, and at how many at least. */
  readonly covered: { readonly unit: CoveredUnit; readonly min: number };
  /** How old what it judges by may be; null when that is not asked. */
  readonly databaseAgeMaxMs: number | null;
  /** How long what expires must be valid yet; missing when that is not asked. */
  readonly validForMinMs?: number;
  /** Whether findings that the stable release has, too, are put up with. */
  readonly exceptStable: boolean;
}

export interface TestsRule {
  readonly subject: 'tests';
  readonly testsMin: number;
  readonly skippedMax: number;
}

export interface CoverageRule {
  readonly subject: 'coverage';
  /** Least shares, from 0 to 1; what is not named is not asked for. */
  readonly min: Partial<Record<CoverageMetric, number>>;
  /** How much less than of the stable release it may be, from 0 to 1; null when they are not compared. */
  readonly marginMax: number | null;
  /** Of how many lines the report must tell at least. */
  readonly linesMin: number;
}

export interface ComponentsRule {
  readonly subject: 'components';
  readonly componentsMin: number;
  /** `allowed`: ids of SPDX; null when any licence is. */
  readonly licences: { readonly allowed: readonly string[]; readonly unknownMax: number } | null;
  /** Null when what is known of them only is told. */
  readonly vulnerabilities: FindingsRule | null;
}

export interface ControlsRule {
  readonly subject: 'controls';
  /** Failures below this level are counted and do no harm. */
  readonly level: Level;
  /** How many must have been applicable at least. */
  readonly controlsMin: number;
  /** How many may be left unchecked. */
  readonly notCheckedMax: number;
  /** How many the tool may have been told to leave out. */
  readonly waivedMax: number;
}

export interface LoadRule {
  readonly subject: 'load';
  /** Per second. */
  readonly rateMin: number;
  /** `quantile` as in `LatencyQuantiles`. */
  readonly latency: { readonly quantile: string; readonly maxMs: number };
  /** From 0 to 1. */
  readonly errorRateMax: number;
  readonly requestsMin: number;
}

export interface StressRule {
  readonly subject: 'stress';
  /** Per second: the declared peak with its head-room. */
  readonly capacityMin: number;
  readonly recoveryMaxMs: number;
}

export interface MetricsRule {
  readonly subject: 'metrics';
  readonly limits: readonly MetricLimit[];
}

/** What a person has signed, of this very release. */
export interface SignedRule {
  readonly subject: 'signed';
  readonly ageMaxMs: number;
}

/** Of every series of this name that has these labels. */
export interface MetricLimit {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly min: number | null;
  readonly max: number | null;
}
