/**
 * What a report says, one thing at a time: every reader gives these, whatever its format, and every rule is a fold
 * over them. So a report of any length is judged in the memory of one fact.
 */
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
  /** The tool itself says that it did not do all of its work. */
  | { readonly kind: 'incomplete'; readonly message: string };

export type CoveredUnit = 'file' | 'rule' | 'package' | 'request';

export type CoverageMetric = 'lines' | 'branches' | 'functions';

export interface Finding {
  readonly rule: string;
  readonly level: Level;
  readonly message: string;
  /** `src/a.ts:12:3`, `GET /login`, `lodash 4.17.15`; null when the tool does not say. */
  readonly place: string | null;
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
