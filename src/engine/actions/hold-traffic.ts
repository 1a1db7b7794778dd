/**
 * Holds a deployment where it stands until a request or the time ends the wait. What the candidate has
 * of traffic is judged on; where there is nothing to judge, the balancer's own word is listened to.
 */
import type { Fallback } from '../../core/model/routing.ts';
import type { JudgeTraffic } from '../../core/plan/plan.ts';
import type { ActionContext, ActionResult } from '../action-context.ts';
import { poll } from '../poll.ts';
import { fallbackResult } from './fallback-result.ts';
import { watchTraffic } from './judge-traffic.ts';

export async function holdTraffic(
  context: ActionContext,
  watched: JudgeTraffic | null,
): Promise<ActionResult> {
  if (watched) return watchTraffic(context, watched, false);
  const { drivers, service } = context;
  const seen: Fallback[] = [];
  await poll(context, async () => {
    const observation = context.lease && (await drivers.balancer.observe(service.scope, context));
    if (observation?.fallback) seen.push(observation.fallback);
    return seen.length > 0;
  });
  const [fallback] = seen;
  if (fallback) return fallbackResult(fallback);
  return { kind: 'stopped', evidence: { summary: 'Nothing was found against going on.' } };
}
