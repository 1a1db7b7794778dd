/** What is asked of a target while the load is raised: that it bears enough, and recovers. */
import { showDuration } from '../../words/show-duration.ts';
import { showNumber } from '../../words/show-number.ts';
import { enough, type Criterion } from '../criterion.ts';
import type { StressResult } from '../fact.ts';
import type { StressRule } from '../rule.ts';
import type { Tally } from '../tally.ts';

export function stressCriteria(rule: StressRule, { stresses }: Tally): readonly Criterion[] {
  return [
    enough('stress tests', stresses.length, 1),
    ...stresses.flatMap((stress) => [capacity(rule, stress), recovery(rule, stress)]),
  ];
}

const CAPACITY = 'requests a second that it bears';

/** What it bears, and what limits that; null of what was under no stress. */
export function stressHeadline(criteria: readonly Criterion[]): string | null {
  const found = criteria.find(({ what }) => what === CAPACITY);
  if (!found) return null;
  const [short = ''] = found.observed.split(': ', 1);
  return `${short.replace(/^[\d,.]*\d/, '$& requests a second')} (${found.limit})`;
}

function capacity({ capacityMin }: StressRule, stress: StressResult): Criterion {
  const { capacityPerSecond, limitedBy, observed } = stress;
  const by = limitedBy === 'nothing' ? 'as far as it was tried' : `limited by the ${limitedBy}`;
  return {
    what: CAPACITY,
    observed: [`${showNumber(capacityPerSecond, capacityMin)}, ${by}`, observed]
      .filter((part) => part !== null)
      .join(': '),
    limit: `at least ${showNumber(capacityMin)}`,
    // Only a target that gave in itself is known to bear too little.
    state: capacityPerSecond >= capacityMin ? 'met' : limitedBy === 'target' ? 'unmet' : 'unknown',
  };
}

function recovery({ recoveryMaxMs }: StressRule, { recoveryMs }: StressResult): Criterion {
  return {
    what: 'time to recover',
    observed: recoveryMs === null ? 'it did not' : showDuration(recoveryMs),
    limit: `at most ${showDuration(recoveryMaxMs)}`,
    state: recoveryMs !== null && recoveryMs <= recoveryMaxMs ? 'met' : 'unmet',
  };
}
