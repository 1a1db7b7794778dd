/** What a report must show for its check to pass, by what it is a report of. */
import type { CoverageMetric, CoveredUnit } from './fact.ts';
import type { Level } from './level.ts';

export type Rule = FindingsRule | TestsRule | CoverageRule;

export interface FindingsRule {
  readonly subject: 'findings';
  /** Findings below this level are counted and do no harm. */
  readonly level: Level;
  readonly findingsMax: number;
  /** What the tool must have looked at, and at how many at least. */
  readonly covered: { readonly unit: CoveredUnit; readonly min: number };
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
}
