/** What is asked of controls: all that apply pass, and some do apply. */
import { showNumber } from '../../words/show-number.ts';
import { atMost, enough, told, type Criterion } from '../criterion.ts';
import { countFrom, isAtLeast } from '../level.ts';
import type { ControlsRule } from '../rule.ts';
import type { Tally } from '../tally.ts';

export function controlsCriteria(
  { level, controlsMin, notCheckedMax, waivedMax }: ControlsRule,
  { controls, failedControls, controlExamples }: Tally,
): readonly Criterion[] {
  const failed = countFrom(level, failedControls);
  const below = controls.failed - failed;
  const applicable = controls.passed + controls.failed + controls.error;
  const worst = controlExamples.find(
    (each) => each.outcome === 'failed' && isAtLeast(each.level, level),
  );
  const broken = controlExamples.find(({ outcome }) => outcome === 'error');
  return [
    atMost(`controls of ${level} and above that failed`, failed, 0, {
      observed: `${showNumber(failed)}${worst ? `, the worst: ${worst.id}` : ''}`,
    }),
    ...(below > 0 ? [told('controls below it that failed', showNumber(below))] : []),
    enough('controls that apply', applicable, controlsMin),
    {
      ...atMost('controls that could not be checked', controls.error, 0, {
        observed: `${showNumber(controls.error)}${broken ? `, as: ${broken.id}` : ''}`,
      }),
      state: controls.error === 0 ? 'met' : 'unknown',
    },
    {
      ...atMost('controls that nobody checked', controls['not-checked'], notCheckedMax),
      state: controls['not-checked'] <= notCheckedMax ? 'met' : 'unknown',
    },
    told('controls that do not apply', showNumber(controls['not-applicable'])),
    ...(controls.waived > 0
      ? [atMost('controls that the tool was told to leave out', controls.waived, waivedMax)]
      : []),
  ];
}
