/** What a verdict does: only PASS goes on; everything else takes away what the candidate gets, at once. */
import { gateFailure } from '../../core/gates/gate-failure.ts';
import type { Judgement } from '../../core/gates/judge-traffic.ts';
import type { TrafficCourse } from '../../core/gates/traffic-course.ts';
import type { Routing, RoutingObservation } from '../../core/model/routing.ts';
import type { Comparison } from '../../core/verdict/comparison.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';
import { takeTrafficAway } from '../take-traffic-away.ts';

export async function concludeJudgement(
  context: ActionContext,
  found: {
    /** Null when the balancer has not answered. */
    readonly judgement: Judgement | null;
    readonly observation: RoutingObservation | null;
    readonly zero: Routing;
    /** False where somebody only watches until it is ended. */
    readonly mayPass: boolean;
    /** For the next step that compares. */
    readonly comparison?: Comparison;
    /** What stays of it all, small enough for the record; made up when the traffic is safe. */
    readonly courseOf?: () => TrafficCourse | null;
  },
): Promise<ActionResult> {
  const { judgement, observation, zero, mayPass, comparison } = found;
  const more = () => ({ ...keptOf(found), ...(comparison && { comparison }) });
  if (mayPass && judgement?.verdict === 'PASS') return ok(judgement.reason, more());
  const failure = gateFailure(judgement);
  const end = context.end();
  const isStopped = end === 'request' || (end === 'deadline' && !mayPass);
  if (judgement?.verdict !== 'ROLLBACK' && isStopped) {
    return { kind: 'stopped', evidence: { summary: failure.message, ...more() } };
  }
  const decidedAtNs = String(context.clock.monotonicNs());
  const fallback = observation?.fallback;
  const zeroAtNs = fallback?.zeroAtNs ?? (await takeTrafficAway(context, zero));
  return {
    kind: 'failed',
    failure,
    ...keptOf(found),
    decidedAtNs: fallback?.decidedAtNs ?? decidedAtNs,
    ...(zeroAtNs !== null && { zeroAtNs }),
  };
}

function keptOf({
  judgement,
  courseOf,
}: {
  readonly judgement: Judgement | null;
  readonly courseOf?: () => TrafficCourse | null;
}) {
  const course = courseOf?.();
  return { ...(judgement && { judgement }), ...(course && { course }) };
}
