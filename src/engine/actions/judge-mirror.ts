/**
 * Watches how the candidate answers copies of requests until there is a verdict. ROLLBACK takes the
 * mirror away here and now, by the balancer alone; no client has met the candidate yet.
 */
import { failureOf } from '../../core/failures.ts';
import { judgeMirror as judge } from '../../core/gates/judge-mirror.ts';
import type { Judgement } from '../../core/gates/judge-traffic.ts';
import type { RoutingObservation } from '../../core/model/routing.ts';
import type { Action } from '../../core/plan/plan.ts';
import type { ActionContext, ActionResult } from '../action-context.ts';
import { poll } from '../poll.ts';
import { resolveRouting } from './apply-split.ts';
import { concludeJudgement } from './conclude-judgement.ts';
import { refuseOvertaken } from './refuse-overtaken.ts';

const PROGRESS_EVERY = 10;

export async function judgeMirror(
  context: ActionContext,
  action: Extract<Action, { kind: 'judge-mirror' }>,
): Promise<ActionResult> {
  const { plan, command, drivers, clock } = context;
  const lease = command.lease;
  if (!lease) {
    const failure = failureOf('lease-lost', 'No leased mirror is in force to be judged.');
    return { kind: 'failed', failure };
  }
  // Resolved ahead: at the moment of the revert nothing needs to be asked.
  const zero = await resolveRouting(context, action.onRollback);
  let judgement: Judgement | null = null;
  let observation: RoutingObservation | null = null;
  let looks = 0;
  await poll(context, async () => {
    observation = await drivers.balancer.observe(plan.scope, context);
    if (!observation) return false;
    refuseOvertaken(context, observation, lease.token);
    // The samples are those of the stable release, which nobody judges here.
    const nowSecond = Number(clock.monotonicNs() / 1_000_000_000n);
    const { mirror } = await drivers.balancer.samples(plan.scope, nowSecond, context);
    judgement = judge(action.limits, {
      candidate: action.candidate,
      token: lease.token,
      revertToken: command.revertToken,
      observation,
      mirror: mirror ?? null,
    });
    if (looks++ % PROGRESS_EVERY === 0) context.progress(judgement.reason);
    return judgement.verdict !== 'INCONCLUSIVE';
  });
  return concludeJudgement(context, { judgement, observation, zero, mayPass: true });
}
