/** What is asked of coverage by tests. */
import { showNumber } from '../../words/show-number.ts';
import type { Baseline } from '../baseline.ts';
import { enough, told, type Criterion } from '../criterion.ts';
import type { CoverageMetric } from '../fact.ts';
import type { CoverageRule } from '../rule.ts';
import type { Share, Tally } from '../tally.ts';

export function coverageCriteria(
  { min, marginMax, linesMin }: CoverageRule,
  { coverage }: Tally,
  baseline: Baseline,
): readonly Criterion[] {
  const asked = Object.entries(min).flatMap(([name, least]) => {
    const metric = name as CoverageMetric;
    const found = shareOf(coverage[metric]);
    const what = `${metric} that tests reach`;
    const absolute: Criterion = {
      ...{ what, limit: `at least ${percent(least)}` },
      observed: found
        ? `${percent(found.share)} of ${showNumber(found.total)}`
        : notThere(coverage),
      state: found ? (found.share >= least ? 'met' : 'unmet') : 'unknown',
    };
    if (marginMax === null || !found) return [absolute];
    return [absolute, compared(`${what}, compared`, { metric, found, marginMax, baseline })];
  });
  return [...asked, enough('lines that were measured', coverage.lines?.total ?? 0, linesMin)];
}

/** A runner that has loaded nothing to be tested writes a report of nothing. */
function notThere({ lines }: Tally['coverage']): string {
  return (lines?.total ?? 0) > 0
    ? 'not in the report'
    : 'not in the report, which covers no file (let the tests load what they test, or take the check out)';
}

interface Found {
  readonly share: number;
  readonly total: number;
}

function shareOf(found: Share | undefined): Found | null {
  if (!found || found.total === 0) return null;
  return { share: found.covered / found.total, total: found.total };
}

/** Without a stable release there is nothing that it could be worse than. */
function compared(
  what: string,
  {
    metric,
    found: { share },
    marginMax,
    baseline,
  }: {
    readonly metric: CoverageMetric;
    readonly found: Found;
    readonly marginMax: number;
    readonly baseline: Baseline;
  },
): Criterion {
  if (baseline.kind === 'none') return told(what, 'no stable release to compare with');
  const limit = `at most ${percent(marginMax)} less than ${baseline.release}`;
  const before = baseline.kind === 'found' ? shareOf(baseline.coverage[metric]) : null;
  if (!before) {
    const observed = `nothing is kept of ${baseline.release}`;
    return { what, observed, limit, state: 'unknown' };
  }
  const observed = `${percent(share)}, ${percent(before.share)} before`;
  // What was written as decimal is not exact: 0.8 - 0.01 is a little more than 0.79.
  return {
    what,
    observed,
    limit,
    state: share >= before.share - marginMax - 1e-12 ? 'met' : 'unmet',
  };
}

/** Rounded down, so that what is below a limit never reads as if it were not. */
function percent(share: number): string {
  return `${Math.floor(share * 10_000 + 1e-9) / 100} %`;
}
