/** What is asked of results of tests. */
import { showNumber } from '../../words/show-number.ts';
import { atMost, enough, type Criterion } from '../criterion.ts';
import type { TestsRule } from '../rule.ts';
import type { Tally } from '../tally.ts';

export function testsCriteria(
  { testsMin, skippedMax }: TestsRule,
  { tests: { passed, failed, skipped }, failedTests }: Tally,
): readonly Criterion[] {
  const [first] = failedTests;
  return [
    enough('tests that ran', passed + failed, testsMin),
    atMost('tests that failed', failed, 0, {
      observed: `${showNumber(failed)}${first ? `, the first: ${first.name}` : ''}`,
    }),
    atMost('tests that were skipped', skipped, skippedMax),
  ];
}
