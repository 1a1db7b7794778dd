/** What the table of faults and phases does not say of a good release with one fault. */
import { endsOf } from './fault-table.ts';
import type { StruckFault } from './fault.ts';
import { phaseOf } from './phase.ts';
import type { PlanShape, Scenario } from './scenario.ts';
import type { Violation } from './sight.ts';

/** The plans that the table is about; others may end either way, and are not held by one fault either. */
const IN_TABLE: readonly PlanShape[] = ['two-shifts', 'mirrored', 'blue-green', 'migrated'];
const ANY_END = 'RV';

const SEEN: Readonly<Record<string, string>> = { promoted: 'R', reverted: 'V', held: 'H' };

export function outsideTheTable(run: {
  readonly scenario: Scenario;
  readonly struck: readonly StruckFault[];
  readonly status: string;
}): readonly Violation[] {
  const { scenario, struck, status } = run;
  const isOne = scenario.release === 'good' && scenario.faults.length === 1;
  return struck.flatMap(({ fault, step, hadEffect }) => {
    if (fault === 'requested-again' && !hadEffect) {
      return { invariant: 'I13', message: 'The same request was not given the same deployment.' };
    }
    // An end of the deployment comes before some of what would be struck at its last calls.
    if (!isOne || !hadEffect) return [];
    const { shape = 'two-shifts' } = scenario;
    const ends = IN_TABLE.includes(shape) ? endsOf(fault, phaseOf(step)) : ANY_END;
    if (ends.includes(SEEN[status] ?? '?')) return [];
    return {
      invariant: 'table',
      message: `${fault} in ${step} gave ${status}, the table says ${ends}.`,
    };
  });
}
