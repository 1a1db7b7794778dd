/** What a step makes of it that the balancer itself has taken the candidate's traffic away. */
import { failureOf } from '../../core/failures.ts';
import type { Fallback } from '../../core/model/routing.ts';
import type { ActionResult } from '../action-context.ts';

export function fallbackResult(fallback: Fallback): ActionResult {
  const failure =
    fallback.cause === 'tripped'
      ? failureOf(
          'gate-failed',
          `The balancer took the candidate's traffic away: ${fallback.observed} ${fallback.rule}, limit ${fallback.limit}.`,
          { effect: 'applied' },
        )
      : failureOf('lease-lost', 'The lease lapsed, and the stable release serves.', {
          effect: 'applied',
        });
  const { decidedAtNs, zeroAtNs } = fallback;
  return { kind: 'failed', failure, decidedAtNs, zeroAtNs };
}
