import { compareTokens, type FencingToken } from '../../core/model/fencing-token.ts';
import type { RoutingObservation } from '../../core/model/routing.ts';
import { operationalError } from '../../core/operational-error.ts';
import type { ActionContext } from '../action-context.ts';

/**
 * A process that was taken over while it did not know it must leave the split alone: under the
 * revert's token its word would be stronger than that of the process that goes on.
 */
export function refuseOvertaken(
  { command, plan }: ActionContext,
  { token }: RoutingObservation,
  ours: FencingToken,
): void {
  if (compareTokens(token, ours) <= 0 || compareTokens(token, command.revertToken) === 0) return;
  throw operationalError(
    'token-fenced',
    `Token ${token.deployment}.${token.sequence} of ${plan.scope} is in force, newer than that of this step.`,
  );
}
