/** Waits until a pool carries nothing any more; what is left after the time is told, not waited for. */
import type { PoolId } from '../../core/model/ids.ts';
import { elapsedMs } from '../../platform/clock.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';
import { poll } from '../poll.ts';

export async function drainPool(
  context: ActionContext,
  pool: PoolId,
  waitMs: number,
): Promise<ActionResult> {
  const startedNs = context.clock.monotonicNs();
  let inFlight = 0;
  const isOver = await poll(context, async () => {
    const observation = await context.drivers.balancer.observe(context.plan.scope, context);
    inFlight = observation?.inFlight[pool] ?? 0;
    return inFlight === 0 || elapsedMs(context.clock, startedNs) >= waitMs;
  });
  context.signal.throwIfAborted();
  return ok(
    isOver && inFlight === 0
      ? 'Nothing in flight.'
      : `${inFlight} requests or streams still open after ${waitMs} ms; they end with the instances.`,
  );
}
