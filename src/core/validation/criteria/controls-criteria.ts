/** What is asked of controls: all that apply pass, and some do apply. */
import { showNumber } from '../../words/show-number.ts';
import { atMost, enough, told, type Criterion } from '../criterion.ts';
import { isAtLeast, levels } from '../level.ts';
import type { ControlsRule } from '../rule.ts';
import type { Tally } from '../tally.ts';

export function controlsCriteria(
  { level, controlsMin, notCheckedMax }: ControlsRule,
  { controls, failedControls, controlExamples }: Tally,
): readonly Criterion[] {
  const failed = levels
    .filter((each) => isAtLeast(each, level))
    .reduce((sum, each) => sum + failedControls[each], 0);
  const applicable = controls.passed + controls.failed + controls.error;
  const example = (outcome: 'failed' | 'error'): string => {
    const first = controlExamples.find(
      (each) => each.outcome === outcome && (outcome === 'error' || isAtLeast(each.level, level)),
    );
    return first ? `, the first: ${first.id}` : '';
  };
  return [
    atMost(`controls of ${level} and above that failed`, failed, 0, {
      observed: `${showNumber(failed)}${failed > 0 ? example('failed') : ''}`,
    }),
    enough('controls that apply', applicable, controlsMin),
    unknownIfAny('controls that could not be checked', controls.error, example('error')),
    {
      ...atMost('controls that nobody checked', controls['not-checked'], notCheckedMax),
      state: controls['not-checked'] <= notCheckedMax ? 'met' : 'unknown',
    },
    told('controls that do not apply', showNumber(controls['not-applicable'])),
    ...(controls.waived > 0 ? [told('controls that are waived', showNumber(controls.waived))] : []),
  ];
}

function unknownIfAny(what: string, count: number, example: string): Criterion {
  const observed = `${showNumber(count)}${example}`;
  return { what, observed, limit: 'none', state: count === 0 ? 'met' : 'unknown' };
}
