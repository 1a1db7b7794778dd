/**
 * Watches a leased split until there is a verdict on what its candidate does. Only PASS goes on; ROLLBACK
 * takes away what the candidate gets, here and now, by the balancer alone: no database, no metrics
 * system and no disk is on the way.
 */
import type { HeldLease } from '../../core/deployment/deployment-state.ts';
import { failureOf } from '../../core/failures.ts';
import { gateFailure } from '../../core/gates/gate-failure.ts';
import type { GateLook } from '../../core/gates/gate-look.ts';
import type { Judgement, TrafficLook } from '../../core/gates/judge-traffic.ts';
import type { TrafficCourse } from '../../core/gates/traffic-course.ts';
import { compareTokens, type FencingToken } from '../../core/model/fencing-token.ts';
import type { Routing, RoutingObservation } from '../../core/model/routing.ts';
import { operationalError } from '../../core/operational-error.ts';
import type { PlannedSplit } from '../../core/plan/plan.ts';
import type { Comparison } from '../../core/verdict/comparison.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';
import { poll } from '../poll.ts';
import { takeTrafficAway } from '../take-traffic-away.ts';
import { resolveRouting } from './apply-split.ts';

const PROGRESS_EVERY = 10;

export type Look = Pick<TrafficLook, 'verdict' | 'tell'>;

export interface Watch<Read> {
  readonly onRollback: PlannedSplit;
  /** False where somebody only watches until it is ended. */
  readonly mayPass: boolean;
  /** What is judged. It comes first: a failure that is in it has tripped the balancer, if it was to. */
  read(): Promise<Read>;
  look(read: Read, observation: RoutingObservation, lease: HeldLease): Look;
  /** For those who look on while it is watched. */
  seen?(judgement: Judgement): GateLook;
  /** What stays of it all, small enough for the record; made up when the traffic is safe. */
  kept?(): { readonly comparison?: Comparison; readonly course?: TrafficCourse };
}

export async function watchSplit<Read>(
  context: ActionContext,
  watch: Watch<Read>,
): Promise<ActionResult> {
  const { service, lease, drivers } = context;
  if (!lease) {
    const failure = failureOf('lease-lost', 'No leased split is in force to be judged.');
    return { kind: 'failed', failure };
  }
  // Resolved ahead: at the moment of the revert nothing needs to be asked.
  const zero = await resolveRouting(context, watch.onRollback);
  let last: Look | null = null;
  let observation: RoutingObservation | null = null;
  let looks = 0;
  await poll(context, async () => {
    const read = await watch.read();
    observation = await drivers.balancer.observe(service.scope, context);
    if (!observation) return false;
    refuseOvertaken(context, observation, lease.token);
    const look = watch.look(read, observation, lease);
    last = look;
    if (looks++ % PROGRESS_EVERY === 0) {
      const judgement = look.tell();
      context.progress(judgement.reason, watch.seen?.(judgement));
    }
    return look.verdict === 'ROLLBACK' || (watch.mayPass && look.verdict === 'PASS');
  });
  const judgement = (last as Look | null)?.tell() ?? null;
  return conclude(context, watch, { judgement, observation, zero });
}

/**
 * A process that was taken over while it did not know it must leave the split alone: under the
 * revert's token its word would be stronger than that of the process that goes on.
 */
function refuseOvertaken(
  { command, service }: ActionContext,
  { token }: RoutingObservation,
  ours: FencingToken,
): void {
  if (compareTokens(token, ours) <= 0 || compareTokens(token, command.revertToken) === 0) return;
  throw operationalError(
    'token-fenced',
    `Token ${token.deployment}.${token.sequence} of ${service.scope} is in force, newer than that of this step.`,
  );
}

async function conclude(
  context: ActionContext,
  watch: Pick<Watch<unknown>, 'mayPass' | 'kept'>,
  found: {
    /** Null when the balancer has not answered. */
    readonly judgement: Judgement | null;
    readonly observation: RoutingObservation | null;
    readonly zero: Routing;
  },
): Promise<ActionResult> {
  const { judgement, observation, zero } = found;
  const { mayPass } = watch;
  const judged = judgement && { judgement };
  if (mayPass && judgement?.verdict === 'PASS') {
    return ok(judgement.reason, { ...judged, ...watch.kept?.() });
  }
  const failure = gateFailure(judgement);
  const end = context.end();
  const isStopped = end === 'request' || (end === 'deadline' && !mayPass);
  if (judgement?.verdict !== 'ROLLBACK' && isStopped) {
    return {
      kind: 'stopped',
      evidence: { summary: failure.message, ...judged, ...watch.kept?.() },
    };
  }
  const decidedAtNs = String(context.clock.monotonicNs());
  const fallback = observation?.fallback;
  const zeroAtNs = fallback?.zeroAtNs ?? (await takeTrafficAway(context, zero));
  const { course } = watch.kept?.() ?? {};
  return {
    kind: 'failed',
    failure,
    ...judged,
    ...(course && { course }),
    decidedAtNs: fallback?.decidedAtNs ?? decidedAtNs,
    ...(zeroAtNs !== null && { zeroAtNs }),
  };
}
