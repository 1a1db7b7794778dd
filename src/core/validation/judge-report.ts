/**
 * The verdict on one check, from what its report was counted up to. A report that shows nothing, or does not show how
 * much was looked at, is an `ERROR` and no `PASS`, whatever the tool's exit code.
 */
import { counted } from '../words/counted.ts';
import type { Baseline } from './baseline.ts';
import { componentsCriteria } from './criteria/components-criteria.ts';
import { controlsCriteria } from './criteria/controls-criteria.ts';
import { coverageCriteria } from './criteria/coverage-criteria.ts';
import { findingsCriteria } from './criteria/findings-criteria.ts';
import { freshness, type Database } from './criteria/freshness.ts';
import { loadCriteria } from './criteria/load-criteria.ts';
import { metricsCriteria } from './criteria/metrics-criteria.ts';
import { signedCriteria, type CheckedRelease } from './criteria/signed-criteria.ts';
import { stressCriteria } from './criteria/stress-criteria.ts';
import { testsCriteria } from './criteria/tests-criteria.ts';
import type { Criterion } from './criterion.ts';
import type { Outcome } from './outcome.ts';
import type { Rule } from './rule.ts';
import type { Tally } from './tally.ts';

export interface CheckVerdict {
  readonly outcome: Exclude<Outcome, 'NOT_RUN'>;
  /** What was asked, one line each; in order. */
  readonly criteria: readonly Criterion[];
}

/** Under which circumstances a report is judged. */
export interface Circumstances {
  /** Paths of what was hidden for the tool to find; without any of them it is not alive. */
  readonly planted: readonly string[];
  /** What the tool made of what was planted apart from what is checked; null when nothing was. */
  readonly apart: Criterion | null;
  /** Since 1970. */
  readonly nowMs: number;
  readonly baseline: Baseline;
  /** Missing where nobody knows. */
  readonly about?: CheckedRelease;
  /** What the tool judges by, as far as that is no matter of its report; null when it is not asked for. */
  readonly dated: { readonly database: Database; readonly ageMaxMs: number } | null;
}

export function judgeReport(rule: Rule, tally: Tally, circumstances: Circumstances): CheckVerdict {
  const { planted, apart, dated, nowMs } = circumstances;
  const criteria = [
    ...incompleteness(tally),
    ...criteriaOf(rule, tally, circumstances),
    ...(dated ? [freshness(dated.database, dated.ageMaxMs, nowMs)] : []),
    ...liveliness(tally, planted),
    ...(apart ? [apart] : []),
  ];
  return { outcome: outcomeOf(criteria), criteria };
}

/** What is known to be bad fails, even where something else could not be found out. */
export function outcomeOf(criteria: readonly Criterion[]): CheckVerdict['outcome'] {
  const has = (wanted: Criterion['state']): boolean =>
    criteria.some(({ state }) => state === wanted);
  if (has('unmet')) return 'FAIL';
  if (has('unknown')) return 'ERROR';
  return has('stale') ? 'STALE' : 'PASS';
}

function criteriaOf(rule: Rule, tally: Tally, circumstances: Circumstances): readonly Criterion[] {
  switch (rule.subject) {
    case 'findings':
      return findingsCriteria(rule, tally, circumstances);
    case 'tests':
      return testsCriteria(rule, tally);
    case 'coverage':
      return coverageCriteria(rule, tally, circumstances.baseline);
    case 'components':
      return componentsCriteria(rule, tally, circumstances);
    case 'controls':
      return controlsCriteria(rule, tally);
    case 'load':
      return loadCriteria(rule, tally);
    case 'stress':
      return stressCriteria(rule, tally);
    case 'metrics':
      return metricsCriteria(rule, tally);
    case 'signed': {
      const { about = null, nowMs } = circumstances;
      return signedCriteria(rule, tally, { about, nowMs });
    }
  }
}

function incompleteness({ incomplete }: Tally): readonly Criterion[] {
  return incomplete.map((message) => ({
    ...{ what: 'the tool did all of its work', observed: message },
    ...{ limit: 'no error of its own', state: 'unknown' },
  }));
}

function liveliness({ bait }: Tally, planted: readonly string[]): readonly Criterion[] {
  if (planted.length === 0) return [];
  const missed = planted.filter((path) => !bait.has(path));
  return [
    {
      what: 'the tool finds what was planted',
      observed: missed.length === 0 ? 'it does' : `nothing in ${missed.join(', ')}`,
      limit: `at least 1 in each of ${counted(planted.length, 'planted file')}`,
      state: missed.length === 0 ? 'met' : 'unknown',
    },
  ];
}
