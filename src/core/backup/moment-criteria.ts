/** What can be said of a moment between two backups: nobody has counted what was there then. */
import { showNumber } from '../words/show-number.ts';
import { enough, told, type Criterion } from '../validation/criterion.ts';
import type { ContentPart } from './content.ts';
import { faultsCriterion } from './verification.ts';

export interface MomentFacts {
  readonly parts: readonly ContentPart[];
  /** A sentence each; null where nobody could look. */
  readonly faults: readonly string[] | null;
  readonly partsMin: number;
  /** What the server said itself. */
  readonly reached: string;
}

export function momentCriteria({
  parts,
  faults,
  partsMin,
  reached,
}: MomentFacts): readonly Criterion[] {
  const content = parts.filter(({ isDefinition }) => !isDefinition);
  const total = content.reduce((sum, { size }) => sum + size, 0);
  return [
    told('the server says', reached),
    enough('parts', content.length, partsMin),
    told('rows or bytes in them', showNumber(total)),
    told('compared with what was there then', 'nothing: only a backup itself was counted'),
    faultsCriterion(faults),
  ];
}
