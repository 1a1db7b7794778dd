/** Ends a pool; what it wrote and how it ended stay with the target. */
import type { PoolId } from '../../core/model/ids.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';

export async function stopPool(
  context: ActionContext,
  pool: PoolId,
  graceMs: number,
): Promise<ActionResult> {
  const { plan, command, signal, drivers } = context;
  const observation = await drivers.target.stop(
    pool,
    { scope: plan.scope, graceMs },
    { token: command.token, signal },
  );
  if (!observation) return ok(`Pool ${pool} does not exist.`);
  const ends = observation.instances.map(({ id, exit }) => ({ instance: id, exit }));
  return ok(`${observation.instances.length} instances ended.`, { details: { ends } });
}

export async function isPoolStopped(context: ActionContext, pool: PoolId): Promise<boolean> {
  const pools = await context.drivers.target.observe(context.plan.scope, context);
  const found = pools.find((candidate) => candidate.pool === pool);
  return (
    !found ||
    (found.desired === 'stopped' &&
      found.instances.every((instance) => instance.state === 'exited'))
  );
}
