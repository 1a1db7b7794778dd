/** What is asked of coverage by tests. */
import { showNumber } from '../../words/show-number.ts';
import type { Criterion } from '../criterion.ts';
import type { CoverageMetric } from '../fact.ts';
import type { CoverageRule } from '../rule.ts';
import type { Tally } from '../tally.ts';

export function coverageCriteria({ min }: CoverageRule, { coverage }: Tally): readonly Criterion[] {
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

/** Rounded down, so that what is below a limit never reads as if it were not. */
function percent(share: number): string {
  return `${Math.floor(share * 10_000 + 1e-9) / 100} %`;
}
