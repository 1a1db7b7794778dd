/** What a deployment cost clients, as names and values. */
import type { DeploymentSummary } from '../../core/deployment/deployment-summary.ts';
import { counted } from '../../core/words/counted.ts';
import { showDuration } from '../../core/words/show-duration.ts';
import { showNumber } from '../../core/words/show-number.ts';

export type Fact = readonly [name: string, value: string];

const IN_PART = 'in part: the balancer did not keep all of the time, or was not reached';

export function costFacts({
  exposure,
  decisionToZeroMs,
}: Pick<DeploymentSummary, 'exposure' | 'decisionToZeroMs'>): readonly Fact[] {
  const { requests, clientErrors, idempotentClientErrors, isWhole } = exposure;
  const least = isWhole ? '' : 'at least ';
  const facts: readonly (Fact | null)[] = [
    [
      'exposure',
      `${least}${counted(requests, 'request')}, ${showNumber(exposure.failures)} failed; ${showNumber(exposure.rescued)} answered by the stable release instead; ${exposure.budgetSeconds} s of error budget`,
    ],
    [
      'clients',
      `${least}${counted(clientErrors, 'error')} seen, ${showNumber(idempotentClientErrors)} on requests safe to repeat`,
    ],
    isWhole ? null : ['counted', IN_PART],
    decisionToZeroMs === null
      ? null
      : ['to zero', `${showDuration(decisionToZeroMs)} from the decision to no traffic`],
  ];
  return facts.filter((fact) => fact !== null);
}
