/** Compares the world with what was recorded before the deployment. */
import { failureOf } from '../../core/failures.ts';
import type { PlannedSplit } from '../../core/plan/plan.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';
import { differenceOf } from './apply-split.ts';
import { NO_ANSWER, untilPoolsAre, type ExpectedPools } from './check-pools.ts';

export async function verifyState(
  context: ActionContext,
  expected: ExpectedPools & { readonly split: PlannedSplit },
): Promise<ActionResult> {
  const pools = await untilPoolsAre(context, expected);
  if (pools === NO_ANSWER) return { kind: 'failed', failure: failureOf('deadline-passed', pools) };
  if (pools !== null) return differs(pools);
  const observation = await context.drivers.balancer.observe(context.service.scope, context);
  if (!observation) return differs('The balancer does not know the service.');
  const split = differenceOf(expected.split, observation);
  if (split !== null) return differs(split);
  return ok('Pools and split are as they were before.');
}

function differs(message: string): ActionResult {
  return { kind: 'failed', failure: failureOf('state-differs', message) };
}
