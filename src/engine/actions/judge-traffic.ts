/** Watches the candidate's live traffic, second by second and beside the stable release's. */
import { judgeTraffic as judge } from '../../core/gates/judge-traffic.ts';
import {
  firstUnwatched,
  noteLook,
  nothingWatched,
  watchSeconds,
  wholeCourse,
  type WatchedTraffic,
} from '../../core/gates/watch-seconds.ts';
import { secondOf } from '../../core/model/second-of.ts';
import type { JudgeTraffic } from '../../core/plan/plan.ts';
import { lastWithheldSecond } from '../../core/routing/admission.ts';
import { comparedSoFar } from '../../core/verdict/compared-figures.ts';
import type { ActionContext, ActionResult } from '../action-context.ts';
import { usageReadings, type UsageReadings } from './usage-readings.ts';
import { watchSplit } from './watch-split.ts';

export function judgeTraffic(context: ActionContext, action: JudgeTraffic): Promise<ActionResult> {
  return watchTraffic(context, action, true);
}

/** Without `mayPass` it goes on until it is ended, or finds what takes the traffic away. */
export async function watchTraffic(
  context: ActionContext,
  action: JudgeTraffic,
  mayPass: boolean,
): Promise<ActionResult> {
  const usage = action.comparison?.gauges ? usageReadings(context) : null;
  try {
    return await watchWithUsage(context, action, { mayPass, usage });
  } finally {
    usage?.end();
  }
}

function watchWithUsage(
  context: ActionContext,
  action: JudgeTraffic,
  { mayPass, usage }: { readonly mayPass: boolean; readonly usage: UsageReadings | null },
): Promise<ActionResult> {
  const { service, command, drivers, clock, watches } = context;
  const { candidate, weight, onRollback } = action;
  const policy = action.comparison ?? null;
  const pools = { candidate, stable: policy?.against ?? onRollback.stable };
  let watched = watches.seen(service.scope) ?? nothingWatched(command.comparison);
  let traffic: WatchedTraffic | null = null;
  return watchSplit(context, {
    ...{ onRollback, mayPass },
    async read() {
      // Read first: seconds before it are over, and whole in what the balancer reports from now on.
      const nowSecond = secondOf(clock.monotonicNs());
      const from = firstUnwatched(policy, watched);
      const { samples } = await drivers.balancer.samples(service.scope, from, context);
      return { nowSecond, samples };
    },
    look({ nowSecond, samples }, observation, { token }) {
      const splitSecond = secondOf(BigInt(observation.inForceSinceNs));
      const readings = usage?.since(watched.nextSecond) ?? [];
      traffic = {
        ...{ ...pools, token, samples, nowSecond, splitSecond, readings },
        lastWithheldSecond: lastWithheldSecond(observation.admission),
      };
      watched = watchSeconds(policy, watched, traffic);
      const look = judge(action.limits, {
        ...{ candidate, weight, token, revertToken: command.revertToken, observation },
        traffic: watched.candidate,
        compared: policy && comparedSoFar(policy, weight, watched.comparison),
        heldMs: Number(clock.monotonicNs() - BigInt(observation.inForceSinceNs)) / 1e6,
      });
      watched = noteLook(watched, look);
      watches.note(service.scope, watched);
      return look;
    },
    seen: (judgement) => ({ judgement, course: watched.course }),
    kept() {
      const { comparison } = watched;
      const course = traffic && wholeCourse(watched, traffic);
      return { ...(comparison && { comparison }), ...(course && { course }) };
    },
  });
}
