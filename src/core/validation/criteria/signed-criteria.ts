/** What is asked of a report that a person has signed. Whose signature counts its reader has found out. */
import { showDuration } from '../../words/show-duration.ts';
import type { Criterion } from '../criterion.ts';
import type { SignedStatement } from '../fact.ts';
import type { SignedRule } from '../rule.ts';
import type { Tally } from '../tally.ts';

/** What is checked. */
export interface CheckedRelease {
  readonly system: string;
  readonly service: string;
  /** Null when nobody says. */
  readonly version: string | null;
  /** Its digest; null when it is not known. */
  readonly artifact: string | null;
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
    ...artifactCriteria(statement, about),
    {
      ...{ what: 'its result', observed: isPassed ? 'passed' : 'failed', limit: 'passed' },
      state: isPassed ? 'met' : 'unmet',
    },
    ageCriterion(statement, ageMaxMs, nowMs),
  ];
}

/** A report on another release shows nothing of this one. */
function subjectCriterion(
  { system, service, versions }: SignedStatement,
  about: CheckedRelease | null,
): Criterion {
  const what = 'what it is about';
  const observed = `${service} ${versions.join(', ')} of the system ${system}`;
  const version = about?.version ?? null;
  if (!about || version === null) {
    return { what, observed, limit: 'a release whose version is known', state: 'unknown' };
  }
  const isMeant =
    system === about.system && service === about.service && versions.includes(version);
  const limit = `${about.service} ${version} of the system ${about.system}`;
  return { what, observed, limit, state: isMeant ? 'met' : 'unknown' };
}

/** None of what is about any that has its version. */
function artifactCriteria(
  { artifact }: SignedStatement,
  about: CheckedRelease | null,
): readonly Criterion[] {
  if (artifact === null) return [];
  const known = about?.artifact ?? null;
  const state = known === artifact ? 'met' : 'unknown';
  const limit = known ?? 'an artifact whose digest is known';
  return [{ what: 'the artifact it is about', observed: artifact, limit, state }];
}

function ageCriterion({ madeAtMs }: SignedStatement, maxMs: number, nowMs: number): Criterion {
  const asked = { what: 'its age', limit: `at most ${showDuration(maxMs)}` };
  const ageMs = nowMs - madeAtMs;
  if (ageMs < 0) {
    return { ...asked, observed: `${showDuration(-ageMs)} in the future`, state: 'unknown' };
  }
  return { ...asked, observed: showDuration(ageMs), state: ageMs <= maxMs ? 'met' : 'stale' };
}
