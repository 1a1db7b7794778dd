/** What a piece of evidence shows of a control, from what became of the checks and from what was observed. */
import type { Criterion } from '../validation/criterion.ts';
import { criterionSentence } from '../validation/criterion-sentence.ts';
import type { ControlOutcome } from '../validation/fact.ts';
import type { Outcome } from '../validation/outcome.ts';
import type { Evidence } from './control.ts';
import type { FactName, Observation } from './observable-fact.ts';

/** Nothing of a profile is left out by a tool. */
export type AnswerOutcome = Exclude<ControlOutcome, 'waived'>;

export interface ShownEvidence {
  readonly kind: Evidence['kind'];
  /** Of the check, the row or the fact; empty of what is missing. */
  readonly name: string;
  readonly outcome: Exclude<AnswerOutcome, 'not-applicable'>;
  /** In one line. */
  readonly observed: string;
  /** Of a check that has one. */
  readonly report: KeptEvidence | null;
}

export interface KeptEvidence {
  /** Below the folder of the run. */
  readonly path: string;
  readonly digest: `sha256:${string}`;
}

/** What became of a check, for all that a control needs to know. */
export interface CheckShown {
  readonly name: string;
  readonly row: string | null;
  readonly outcome: Outcome;
  readonly because: string | null;
  readonly criteria: readonly Criterion[];
  readonly report: KeptEvidence | null;
}

export type ObservedFacts = Readonly<Partial<Record<FactName, Observation>>>;

/** One for each check that is meant; never none. */
export function shownBy(
  evidence: Evidence,
  { checks, facts }: { readonly checks: readonly CheckShown[]; readonly facts: ObservedFacts },
): readonly ShownEvidence[] {
  switch (evidence.kind) {
    case 'check': {
      const check = checks.find(({ name }) => name === evidence.check);
      return [check ? shownByCheck(check) : notRun(evidence.check)];
    }
    case 'row': {
      const meant = checks.filter(({ row }) => row === evidence.row);
      return meant.length > 0 ? meant.map(shownByCheck) : [noneOfRow(evidence.row)];
    }
    case 'fact':
      return [shownByFact(evidence.fact, facts[evidence.fact])];
    case 'missing':
      return [
        {
          ...{ kind: 'missing', name: '', outcome: 'not-checked', report: null },
          observed: `nothing shows it yet: ${evidence.why}`,
        },
      ];
  }
}

function shownByCheck({ name, outcome, report, ...why }: CheckShown): ShownEvidence {
  const reason = reasonOf(why);
  return {
    ...{ kind: 'check', name, report },
    outcome: outcomeOfCheck(outcome),
    observed: outcome === 'PASS' || reason === null ? outcome : `${outcome}: ${reason}`,
  };
}

function outcomeOfCheck(outcome: Outcome): ShownEvidence['outcome'] {
  switch (outcome) {
    case 'PASS':
      return 'passed';
    case 'FAIL':
      return 'failed';
    case 'ERROR':
    case 'STALE':
    case 'NOT_RUN':
      return 'error';
  }
}

function reasonOf({ because, criteria }: Pick<CheckShown, 'because' | 'criteria'>): string | null {
  if (because !== null) return because;
  const unmet = criteria.find(({ state }) => state === 'unmet');
  const first = unmet ?? criteria.find(({ state }) => state !== 'met');
  if (!first) return null;
  return criterionSentence(first);
}

function notRun(name: string): ShownEvidence {
  return {
    ...{ kind: 'check', name, outcome: 'error', report: null },
    observed: 'it did not run',
  };
}

function noneOfRow(row: string): ShownEvidence {
  return {
    ...{ kind: 'row', name: row, outcome: 'not-checked', report: null },
    observed: `no check of the chain fulfils ${row}`,
  };
}

function shownByFact(name: FactName, observation: Observation | undefined): ShownEvidence {
  const { state, observed } = observation ?? { state: 'unknown', observed: 'nobody looked' };
  return { kind: 'fact', name, outcome: outcomeOfFact(state), observed, report: null };
}

function outcomeOfFact(state: Observation['state']): ShownEvidence['outcome'] {
  switch (state) {
    case 'holds':
      return 'passed';
    case 'broken':
      return 'failed';
    case 'unknown':
      return 'error';
  }
}
