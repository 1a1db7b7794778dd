/** Whether a backup that was restored is what was taken: only then may anybody rely on it. */
import { showNumber } from '../words/show-number.ts';
import { atMost, enough, told, type Criterion } from '../validation/criterion.ts';
import type { ProbeAnswer } from './backup-probe.ts';
import { compareContents, type ContentPart } from './content.ts';

export interface RestoredFacts {
  readonly taken: readonly ContentPart[];
  readonly restored: readonly ContentPart[];
  /** What is wrong with its structure, a sentence each; null where nobody could look. */
  readonly faults: readonly string[] | null;
  /** How many parts it must have at least: an empty one is equal to an empty one. */
  readonly partsMin: number;
}

export function verificationCriteria(facts: RestoredFacts): readonly Criterion[] {
  const { taken, restored, faults, partsMin } = facts;
  const differences = compareContents(taken, restored);
  const content = taken.filter(({ isDefinition }) => !isDefinition);
  const total = content.reduce((sum, { size }) => sum + size, 0);
  return [
    enough('parts', content.length, partsMin),
    told('rows or bytes in them', showNumber(total)),
    atMost('parts that differ', differences.length, 0, {
      observed: withFirst(differences.length, differences[0]?.observed),
    }),
    faultsCriterion(faults),
  ];
}

/** Null where nobody could look. */
export function faultsCriterion(faults: RestoredFacts['faults']): Criterion {
  if (faults === null) return told('faults of structure', 'not looked for');
  const observed = withFirst(faults.length, faults[0]);
  return atMost('faults of structure', faults.length, 0, { observed });
}

export function probeCriterion({
  isPassed,
  observed,
}: Pick<ProbeAnswer, 'isPassed' | 'observed'>): Criterion {
  const state = isPassed ? 'met' : 'unmet';
  return { what: "the application's probe", observed, limit: 'ends with 0', state };
}

function withFirst(count: number, first: string | undefined): string {
  return first === undefined ? '0' : `${showNumber(count)}, the first: ${first}`;
}
