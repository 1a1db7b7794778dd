import { maskTexts } from '../../config/mask-secrets.ts';
import { invariant } from '../../core/invariant.ts';
import type { Criterion } from '../../core/validation/criterion.ts';
import type { CheckResult } from './check-result.ts';

/** What a tool has said in it, and not our own words: a secret may be one of those, too. */
export function maskResult(
  { because, criteria, tool, command, ...ours }: CheckResult,
  secretValues: readonly string[],
): CheckResult {
  return {
    ...ours,
    ...maskTexts({ because, tool, command }, secretValues),
    criteria: maskCriteria(criteria, secretValues),
  };
}

/** Neither their state nor their kind. */
export function maskCriteria(
  criteria: readonly Criterion[],
  secretValues: readonly string[],
): Criterion[] {
  const said = criteria.map(({ what, observed, limit }) => ({ what, observed, limit }));
  return maskTexts(said, secretValues).map((texts, at) => ({
    ...criterionAt(criteria, at),
    ...texts,
  }));
}

function criterionAt(criteria: readonly Criterion[], at: number): Criterion {
  const found = criteria[at];
  invariant(found, 'masking leaves their number as it is');
  return found;
}
