/** The verdict on a whole profile: all controls that apply pass, and some do apply. */
import { controlsCriteria } from '../validation/criteria/controls-criteria.ts';
import { outcomeOf, type CheckVerdict } from '../validation/judge-report.ts';
import type { ControlsRule } from '../validation/rule.ts';
import { addFact, newTally } from '../validation/tally.ts';
import type { Profile } from './control.ts';
import { judgeControl, type ControlAnswer, type ControlFacts } from './judge-control.ts';

/** Every control counts, whatever its level; one that does not matter is said not to apply. */
const rule: ControlsRule = {
  ...{ subject: 'controls', level: 'note', controlsMin: 1, notCheckedMax: 0 },
  waivedMax: 0,
};

export interface ComplianceVerdict extends CheckVerdict {
  readonly controls: readonly ControlAnswer[];
}

export function judgeCompliance({ controls }: Profile, known: ControlFacts): ComplianceVerdict {
  const answers = controls.map((control) => judgeControl(control, known));
  const tally = newTally();
  for (const answer of answers) addFact(tally, { kind: 'control', ...answer });
  const criteria = controlsCriteria(rule, tally);
  return { outcome: outcomeOf(criteria), criteria, controls: answers };
}
