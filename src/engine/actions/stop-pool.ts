/**
 * Ends a pool that has no traffic; what it wrote and how it ended stay with the target. Right before,
 * it is looked at once more whether it may go: somebody else may have loaded an old split, and the
 * pool that takes its place may have ended meanwhile.
 */
import { failureOf, type Failure } from '../../core/failures.ts';
import { compareTokens } from '../../core/model/fencing-token.ts';
import type { PoolId } from '../../core/model/ids.ts';
import { OperationalError } from '../../core/operational-error.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';
import { resolveRouting } from './apply-split.ts';
import { ensurePool } from './ensure-pool.ts';
import { untilWhole } from './until-whole.ts';

export async function stopPool(
  context: ActionContext,
  pool: PoolId,
  graceMs: number,
): Promise<ActionResult> {
  const { plan, command, signal, drivers } = context;
  const refusal = await refusalOf(context, pool);
  if (refusal) return { kind: 'failed', failure: refusal };
  const observation = await drivers.target.stop(
    pool,
    { scope: plan.scope, graceMs },
    { token: command.token, signal },
  );
  if (!observation) return ok(`Pool ${pool} does not exist.`);
  const ends = observation.instances.map(({ id, exit }) => ({ instance: id, exit }));
  return ok(`${observation.instances.length} instances ended.`, { details: { ends } });
}

/** Why the pool must stay; null when it may go, or was told to already and nobody heard of it. */
async function refusalOf(context: ActionContext, pool: PoolId): Promise<Failure | null> {
  const { plan, drivers } = context;
  const isOld = pool === plan.stable?.pool;
  const lack = isOld ? await untilWhole(context, plan.candidate) : null;
  const routed = await drivers.balancer.observe(plan.scope, context);
  const weight = routed?.weights[pool] ?? 0;
  if (weight === 0 && !lack) return null;
  const found = await drivers.target.observe(plan.scope, context);
  if (found.find((observed) => observed.pool === pool)?.desired !== 'running') return null;
  if (!isOld && (await isTakenAwayAgain(context))) return null;
  if (isOld && !(await isKept(context))) return null;
  if (weight === 0) return lack;
  const message = `Pool ${pool} reads back ${weight} % and was not stopped: somebody else changed the split.`;
  return failureOf('split-differs', message);
}

/** On the way back nobody gives a candidate traffic for long: the split of the revert is written again. */
async function isTakenAwayAgain(context: ActionContext): Promise<boolean> {
  const { plan, command, drivers, signal } = context;
  const zero = [...plan.revert, ...plan.steps].find(({ id }) => id === 'zero-candidate')?.action;
  if (zero?.kind !== 'apply-split') return false;
  const routing = await resolveRouting(context, zero.split);
  await drivers.balancer.apply(routing, { token: command.token, signal });
  return true;
}

/**
 * Whether the old pool is sure to stay. A process that was frozen may still be about to send this very
 * stop: with another command under its token the target refuses it. False when it has come already.
 */
async function isKept(context: ActionContext): Promise<boolean> {
  const { stable } = context.plan;
  if (!stable) return true;
  try {
    await ensurePool(context, stable);
    return true;
  } catch (error) {
    if (error instanceof OperationalError && error.failure.code === 'token-conflict') return false;
    throw error;
  }
}

/**
 * A pool that is stopped stays so. One that does not exist may have its start still on its way: it
 * counts as stopped only when the target has accepted the stop, and refuses what is older.
 */
export async function isPoolStopped(context: ActionContext, pool: PoolId): Promise<boolean> {
  const pools = await context.drivers.target.observe(context.plan.scope, context);
  const found = pools.find((candidate) => candidate.pool === pool);
  if (!found) {
    return pools.some(({ token }) => compareTokens(token, context.command.token) >= 0);
  }
  return (
    found.desired === 'stopped' && found.instances.every((instance) => instance.state === 'exited')
  );
}
