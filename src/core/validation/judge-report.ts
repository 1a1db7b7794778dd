/**
 * The verdict on one check, from what its report was counted up to. A report that shows nothing, or does not show how
 * much was looked at, is an `ERROR` and no `PASS`, whatever the tool's exit code.
 */
import { counted } from '../words/counted.ts';
import { showNumber } from '../words/show-number.ts';
import type { CoverageMetric, CoveredUnit } from './fact.ts';
import { isAtLeast, levels } from './level.ts';
import type { Outcome } from './outcome.ts';
import type { CoverageRule, FindingsRule, Rule, TestsRule } from './rule.ts';
import type { Tally } from './tally.ts';

export interface CheckVerdict {
  readonly outcome: Extract<Outcome, 'PASS' | 'FAIL' | 'ERROR'>;
  /** What was asked, one line each; in order. */
  readonly criteria: readonly Criterion[];
}

export interface Criterion {
  /** `findings of medium and above`. */
  readonly what: string;
  readonly observed: string;
  readonly limit: string;
  /** `unmet`: the release is not good enough. `unknown`: the report cannot show it. */
  readonly state: 'met' | 'unmet' | 'unknown';
}

/** `planted`: paths of what was hidden for the tool to find; without any of them it is not alive. */
export function judgeReport(
  rule: Rule,
  tally: Tally,
  planted: readonly string[] = [],
): CheckVerdict {
  const criteria = [
    ...incompleteness(tally),
    ...criteriaOf(rule, tally, planted),
    ...liveliness(tally, planted),
  ];
  return { outcome: outcomeOf(criteria), criteria };
}

/** What is known to be bad fails, even where something else could not be found out. */
function outcomeOf(criteria: readonly Criterion[]): CheckVerdict['outcome'] {
  if (criteria.some(({ state }) => state === 'unmet')) return 'FAIL';
  return criteria.some(({ state }) => state === 'unknown') ? 'ERROR' : 'PASS';
}

function criteriaOf(rule: Rule, tally: Tally, planted: readonly string[]): readonly Criterion[] {
  switch (rule.subject) {
    case 'findings':
      return findingsCriteria(rule, tally, planted.length > 0);
    case 'tests':
      return testsCriteria(rule, tally);
    case 'coverage':
      return coverageCriteria(rule, tally);
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
      what: 'what was planted is found',
      observed: missed.length === 0 ? 'found' : `not found: ${missed.join(', ')}`,
      limit: counted(planted.length, 'planted finding'),
      state: missed.length === 0 ? 'met' : 'unknown',
    },
  ];
}

/** Of a tool that does not say what it looked at, what was planted shows that it looked. */
function findingsCriteria(
  { level, findingsMax, covered }: FindingsRule,
  { findings, suppressed, worst, ...tally }: Tally,
  isPlanted: boolean,
): readonly Criterion[] {
  const count = levels
    .filter((each) => isAtLeast(each, level))
    .reduce((sum, each) => sum + findings[each], 0);
  const [first] = worst;
  const example =
    count > 0 && first
      ? `, the worst: ${first.rule}${first.place ? ` at ${first.place}` : ''}`
      : '';
  const isToldCovered = tally.covered[covered.unit] !== undefined;
  return [
    atMost(`findings of ${level} and above`, count, findingsMax, {
      observed: `${showNumber(count)}${example}`,
    }),
    ...(suppressed > 0 ? [told('suppressed findings', showNumber(suppressed))] : []),
    ...(isToldCovered || !isPlanted ? [lookedAt(tally.covered, covered)] : []),
  ];
}

function testsCriteria(
  { testsMin, skippedMax }: TestsRule,
  { tests: { passed, failed, skipped }, failedTests }: Tally,
): readonly Criterion[] {
  const [first] = failedTests;
  return [
    {
      what: 'tests that ran',
      observed: showNumber(passed + failed),
      limit: `at least ${showNumber(testsMin)}`,
      state: passed + failed >= testsMin ? 'met' : 'unknown',
    },
    atMost('tests that failed', failed, 0, {
      observed: `${showNumber(failed)}${first ? `, the first: ${first.name}` : ''}`,
    }),
    atMost('tests that were skipped', skipped, skippedMax),
  ];
}

function coverageCriteria({ min }: CoverageRule, { coverage }: Tally): readonly Criterion[] {
  return Object.entries(min).map(([metric, least]): Criterion => {
    const found = coverage[metric as CoverageMetric];
    const what = `${metric} that tests reach`;
    const limit = `at least ${percent(least)}`;
    if (!found || found.total === 0) {
      return { what, observed: 'not in the report', limit, state: 'unknown' };
    }
    const share = found.covered / found.total;
    const observed = `${percent(share)} of ${showNumber(found.total)}`;
    return { what, observed, limit, state: share >= least ? 'met' : 'unmet' };
  });
}

function lookedAt(
  found: Tally['covered'],
  { unit, min }: { readonly unit: CoveredUnit; readonly min: number },
): Criterion {
  const count = found[unit];
  return {
    what: `${unit}s that were looked at`,
    observed: count === undefined ? 'not in the report' : showNumber(count),
    limit: `at least ${showNumber(min)}`,
    state: count !== undefined && count >= min ? 'met' : 'unknown',
  };
}

function atMost(
  what: string,
  count: number,
  max: number,
  { observed = showNumber(count) }: { readonly observed?: string } = {},
): Criterion {
  const limit = max === 0 ? 'none' : `at most ${showNumber(max)}`;
  return { what, observed, limit, state: count <= max ? 'met' : 'unmet' };
}

/** For people to know; it harms nothing. */
function told(what: string, observed: string): Criterion {
  return { what, observed, limit: 'none asked for', state: 'met' };
}

/** Rounded down, so that what is below a limit never reads as if it were not. */
function percent(share: number): string {
  return `${Math.floor(share * 10_000 + 1e-9) / 100} %`;
}
