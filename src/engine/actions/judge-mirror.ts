/** Watches how the candidate answers copies of requests; no client has met it yet. */
import { judgeMirror as judge } from '../../core/gates/judge-mirror.ts';
import { secondOf } from '../../core/model/second-of.ts';
import type { JudgeMirror } from '../../core/plan/plan.ts';
import type { ActionContext, ActionResult } from '../action-context.ts';
import { watchSplit } from './watch-split.ts';

export function judgeMirror(context: ActionContext, action: JudgeMirror): Promise<ActionResult> {
  const { service, command, drivers, clock } = context;
  return watchSplit(context, {
    onRollback: action.onRollback,
    mayPass: true,
    async read() {
      // The samples are those of the stable release, which nobody judges here.
      const nowSecond = secondOf(clock.monotonicNs());
      const { mirror = null } = await drivers.balancer.samples(service.scope, nowSecond, context);
      return mirror;
    },
    look(mirror, observation, { token }) {
      const { candidate, limits } = action;
      const { revertToken } = command;
      const judgement = judge(limits, { candidate, token, revertToken, observation, mirror });
      return { verdict: judgement.verdict, tell: () => judgement };
    },
  });
}
