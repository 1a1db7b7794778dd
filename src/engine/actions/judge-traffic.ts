/**
 * Watches the candidate's live traffic until there is a verdict. ROLLBACK takes the traffic away here
 * and now, by the balancer alone: no database, no metrics system and no disk is on the way.
 */
import { failureOf } from '../../core/failures.ts';
import { judgeTraffic as judge, type TrafficLook } from '../../core/gates/judge-traffic.ts';
import {
  firstUnwatched,
  noteLook,
  nothingWatched,
  watchSeconds,
  wholeCourse,
  type WatchedTraffic,
} from '../../core/gates/watch-seconds.ts';
import type { RoutingObservation } from '../../core/model/routing.ts';
import type { JudgeTraffic } from '../../core/plan/plan.ts';
import { comparedSoFar } from '../../core/verdict/compared-figures.ts';
import type { ActionContext, ActionResult } from '../action-context.ts';
import { poll } from '../poll.ts';
import { resolveRouting } from './apply-split.ts';
import { concludeJudgement } from './conclude-judgement.ts';
import { refuseOvertaken } from './refuse-overtaken.ts';

const PROGRESS_EVERY = 10;
const NS_PER_SECOND = 1_000_000_000n;

export function judgeTraffic(context: ActionContext, action: JudgeTraffic): Promise<ActionResult> {
  return watchTraffic(context, action, true);
}

/** Without `mayPass` it goes on until it is ended, or finds what takes the traffic away. */
export async function watchTraffic(
  context: ActionContext,
  action: JudgeTraffic,
  mayPass: boolean,
): Promise<ActionResult> {
  const { plan, command, drivers, clock } = context;
  const lease = command.lease;
  if (!lease) {
    const failure = failureOf('lease-lost', 'No leased split is in force to be judged.');
    return { kind: 'failed', failure };
  }
  // Resolved ahead: at the moment of the revert nothing needs to be asked.
  const zero = await resolveRouting(context, action.onRollback);
  const { candidate, comparison, onRollback } = action;
  const pools = { candidate, stable: comparison?.against ?? onRollback.stable };
  const policy = action.comparison ?? null;
  let watched = nothingWatched(command.comparison);
  let traffic: WatchedTraffic | null = null;
  let last: TrafficLook | null = null;
  let observation: RoutingObservation | null = null;
  let looks = 0;
  await poll(context, async () => {
    observation = await drivers.balancer.observe(plan.scope, context);
    if (!observation) return false;
    refuseOvertaken(context, observation, lease.token);
    // Read first: seconds before it are over, and whole in what the balancer reports from now on.
    const nowSecond = Number(clock.monotonicNs() / NS_PER_SECOND);
    const from = firstUnwatched(policy, watched);
    const { samples } = await drivers.balancer.samples(plan.scope, from, context);
    const splitSecond = Number(BigInt(observation.inForceSinceNs) / NS_PER_SECOND);
    traffic = { ...pools, token: lease.token, samples, nowSecond, splitSecond };
    watched = watchSeconds(policy, watched, traffic);
    const look = judge(action.limits, {
      candidate: action.candidate,
      weight: action.weight,
      token: lease.token,
      revertToken: command.revertToken,
      observation,
      traffic: watched.candidate,
      compared: policy && comparedSoFar(policy, action.weight, watched.comparison?.state),
      heldMs: Number(clock.monotonicNs() - BigInt(observation.inForceSinceNs)) / 1e6,
    });
    last = look;
    watched = noteLook(watched, look);
    if (looks++ % PROGRESS_EVERY === 0) {
      const judgement = look.tell();
      context.progress(judgement.reason, { judgement, course: watched.course });
    }
    return look.verdict === 'ROLLBACK' || (mayPass && look.verdict === 'PASS');
  });
  const compared = watched.comparison;
  return concludeJudgement(context, {
    judgement: (last as TrafficLook | null)?.tell() ?? null,
    ...{ observation, zero, mayPass },
    ...(compared && { comparison: compared }),
    courseOf: () => traffic && wholeCourse(watched, traffic),
  });
}
