/** What is asked of a report that a person has signed. Whose signature counts its reader has found out. */
import { showDuration } from '../../words/show-duration.ts';
import type { Criterion } from '../criterion.ts';
import type { SignedStatement } from '../fact.ts';
import type { SignedRule } from '../rule.ts';
import type { Tally } from '../tally.ts';

/** What is checked. */
export interface CheckedRelease {
  readonly service: string;
  /** Null when nobody says. */
  readonly version: string | null;
}

export function signedCriteria(
  { ageMaxMs }: SignedRule,
  { statements: [statement, ...others] }: Tally,
  { about, nowMs }: { readonly about: CheckedRelease | null; readonly nowMs: number },
): readonly Criterion[] {
  const one = { what: 'signed reports', limit: 'one' };
  if (!statement) return [{ ...one, observed: 'none', state: 'unknown' }];
  if (others.length > 0) return [{ ...one, observed: 'several', state: 'unknown' }];
  const { signer, isPassed } = statement;
  return [
    { what: 'signed', observed: `by ${signer}`, limit: 'by one of its signers', state: 'met' },
    subjectCriterion(statement, about),
    {
      ...{ what: 'its result', observed: isPassed ? 'passed' : 'failed', limit: 'passed' },
      state: isPassed ? 'met' : 'unmet',
    },
    ageCriterion(statement, ageMaxMs, nowMs),
  ];
}

/** A report on another release shows nothing of this one. */
function subjectCriterion(
  { service, versions }: SignedStatement,
  about: CheckedRelease | null,
): Criterion {
  const what = 'what it is about';
  const observed = `${service} ${versions.join(', ')}`;
  const { service: meant, version = null } = about ?? {};
  if (version === null || meant === undefined) {
    return { what, observed, limit: 'a release whose version is known', state: 'unknown' };
  }
  const isMeant = service === meant && versions.includes(version);
  const limit = `${meant} ${version}`;
  return { what, observed, limit, state: isMeant ? 'met' : 'unknown' };
}

function ageCriterion({ madeAtMs }: SignedStatement, maxMs: number, nowMs: number): Criterion {
  const asked = { what: 'its age', limit: `at most ${showDuration(maxMs)}` };
  const ageMs = nowMs - madeAtMs;
  if (ageMs < 0) {
    return { ...asked, observed: `${showDuration(-ageMs)} in the future`, state: 'unknown' };
  }
  return { ...asked, observed: showDuration(ageMs), state: ageMs <= maxMs ? 'met' : 'stale' };
}
