/** What was asked beside a report: the worse of both counts. */
import type { Criterion } from './criterion.ts';
import { outcomeOf } from './judge-report.ts';
import type { Outcome } from './outcome.ts';

interface Judged {
  readonly outcome: Outcome;
  readonly criteria: readonly Criterion[];
}

const WORST_FIRST: readonly Outcome[] = ['FAIL', 'ERROR', 'NOT_RUN', 'STALE', 'PASS'];

export function withCriteria<Result extends Judged>(
  result: Result,
  criteria: readonly Criterion[],
): Result {
  const outcomes = [result.outcome, outcomeOf(criteria)];
  return {
    ...result,
    outcome: WORST_FIRST.find((each) => outcomes.includes(each)) ?? 'ERROR',
    criteria: [...result.criteria, ...criteria],
  };
}
