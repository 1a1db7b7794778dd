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
  // Null while the balancer does not know the service, which says nothing about the pool.
  let inFlight: number | null = null;
  await poll(context, async () => {
    const observation = await context.drivers.balancer.observe(context.service.scope, context);
    inFlight = observation && (observation.inFlight[pool] ?? 0);
    return inFlight === 0 || elapsedMs(context.clock, startedNs) >= waitMs;
  });
  context.signal.throwIfAborted();
  return ok(summaryOf(inFlight, waitMs));
}

function summaryOf(inFlight: number | null, waitMs: number): string {
  if (inFlight === 0) return 'Nothing in flight.';
  if (inFlight === null) {
    return `The balancer does not know this service, so what is still open after ${waitMs} ms is unknown; it ends with the instances.`;
  }
  return `${inFlight} requests or streams still open after ${waitMs} ms; they end with the instances.`;
}
