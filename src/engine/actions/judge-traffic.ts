/**
 * Watches the candidate's live traffic until there is a verdict. ROLLBACK takes the traffic away here
 * and now, by the balancer alone: no database, no metrics system and no disk is on the way.
 */
import { failureOf } from '../../core/failures.ts';
import { operationalError } from '../../core/operational-error.ts';
import { compareTokens, type FencingToken } from '../../core/model/fencing-token.ts';
import { gateFailure } from '../../core/gates/gate-failure.ts';
import { judgeTraffic as judge, type Judgement } from '../../core/gates/judge-traffic.ts';
import {
  firstUnwatched,
  noteLook,
  nothingWatched,
  watchSeconds,
  wholeCourse,
  type WatchedSeconds,
  type WatchedTraffic,
} from '../../core/gates/watch-seconds.ts';
import type { Routing, RoutingObservation } from '../../core/model/routing.ts';
import type { JudgeTraffic } from '../../core/plan/plan.ts';
import { comparedFigures } from '../../core/verdict/compared-figures.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';
import { poll } from '../poll.ts';
import { takeTrafficAway } from '../take-traffic-away.ts';
import { resolveRouting } from './apply-split.ts';

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
  let judgement: Judgement | null = null;
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
    judgement = judge(action.limits, {
      candidate: action.candidate,
      weight: action.weight,
      token: lease.token,
      revertToken: command.revertToken,
      observation,
      traffic: watched.candidate,
      compared: policy && comparedFigures(policy, action.weight, watched.comparison?.state),
      heldMs: Number(clock.monotonicNs() - BigInt(observation.inForceSinceNs)) / 1e6,
    });
    watched = noteLook(watched, judgement);
    if (looks++ % PROGRESS_EVERY === 0) {
      context.progress(judgement.reason, { judgement, course: watched.course });
    }
    return judgement.verdict === 'ROLLBACK' || (mayPass && judgement.verdict === 'PASS');
  });
  return conclude(context, { judgement, watched, traffic, observation, zero, mayPass });
}

/**
 * A process that was taken over while it did not know it must leave the split alone: under the
 * revert's token its word would be stronger than that of the process that goes on.
 */
function refuseOvertaken(
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

async function conclude(
  context: ActionContext,
  found: {
    readonly judgement: Judgement | null;
    readonly watched: WatchedSeconds;
    /** As it was seen last. */
    readonly traffic: WatchedTraffic | null;
    readonly observation: RoutingObservation | null;
    readonly zero: Routing;
    readonly mayPass: boolean;
  },
): Promise<ActionResult> {
  const { judgement, watched, observation, zero, mayPass } = found;
  const { comparison } = watched;
  const more = { ...kept(found), ...(comparison && { comparison }) };
  if (mayPass && judgement?.verdict === 'PASS') return ok(judgement.reason, more);
  const failure = gateFailure(judgement);
  const end = context.end();
  const isStopped = end === 'request' || (end === 'deadline' && !mayPass);
  if (judgement?.verdict !== 'ROLLBACK' && isStopped) {
    return { kind: 'stopped', evidence: { summary: failure.message, ...more } };
  }
  const decidedAtNs = String(context.clock.monotonicNs());
  const fallback = observation?.fallback;
  const zeroAtNs = fallback?.zeroAtNs ?? (await takeTrafficAway(context, zero));
  return {
    kind: 'failed',
    failure,
    ...kept(found),
    decidedAtNs: fallback?.decidedAtNs ?? decidedAtNs,
    ...(zeroAtNs !== null && { zeroAtNs }),
  };
}

/** What stays of it all, small enough for the record; made up when the traffic is safe. */
function kept({
  judgement,
  watched,
  traffic,
}: {
  readonly judgement: Judgement | null;
  readonly watched: WatchedSeconds;
  readonly traffic: WatchedTraffic | null;
}) {
  const course = traffic && wholeCourse(watched, traffic);
  return { ...(judgement && { judgement }), ...(course && { course }) };
}
