/**
 * Ends a pool that has no traffic; what it wrote and how it ended stay with the target. Right before,
 * it is looked at once more whether it may go: somebody else may have loaded an old split, and the
 * pool that takes its place may have ended meanwhile.
 */
import { failureOf, type Failure } from '../../core/failures.ts';
import { compareTokens } from '../../core/model/fencing-token.ts';
import { invariant } from '../../core/invariant.ts';
import type { PoolId } from '../../core/model/ids.ts';
import { OperationalError } from '../../core/operational-error.ts';
import type {
  Action,
  PlannedPool,
  PlannedService,
  PlannedSplit,
  Step,
} from '../../core/plan/plan.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';
import { resolveRouting } from './apply-split.ts';
import { ensurePool } from './ensure-pool.ts';
import { untilWhole } from './until-whole.ts';

type StopAction = Extract<Action, { kind: 'stop-pool' }>;

export async function stopPool(
  context: ActionContext,
  { pool, graceMs, onlyIdle }: Omit<StopAction, 'kind'>,
): Promise<ActionResult> {
  const { plan, service, command, signal, drivers } = context;
  if (pool === service.stable?.pool) {
    if (command.step !== plan.pointOfNoReturn) await takeTrafficOn(context, pool);
    const failure = await refusalOf(context, pool);
    if (failure && (await keep(context, service.stable))) return { kind: 'failed', failure };
  } else if (onlyIdle) {
    const failure = trafficOf(pool, await weightOf(context, pool));
    if (failure) return { kind: 'failed', failure };
  } else {
    await takeTrafficAgain(context, pool);
  }
  const observation = await drivers.target.stop(
    pool,
    { scope: service.scope, graceMs },
    { token: command.token, signal },
  );
  if (!observation) return ok(`Pool ${pool} does not exist.`);
  const ends = observation.instances.map(({ id, exit }) => ({ instance: id, exit }));
  return ok(`${observation.instances.length} instances ended.`, { details: { ends } });
}

/** Why the old pool must stay; null when it may go. */
async function refusalOf(context: ActionContext, old: PoolId): Promise<Failure | null> {
  const lack = await untilWhole(context, context.service.candidate);
  const weight = await weightOf(context, old);
  if (weight === 0) return lack;
  return trafficOf(old, weight);
}

function trafficOf(pool: PoolId, weight: number): Failure | null {
  if (weight === 0) return null;
  const message = `Pool ${pool} reads back ${weight} % and was not stopped: somebody else changed the split.`;
  return failureOf('split-differs', message);
}

/**
 * Makes sure that the old pool stays. A process that was frozen may still be about to send this very
 * stop: with another command under its token the target refuses it. False when it has come already.
 */
async function keep(context: ActionContext, old: PlannedPool): Promise<boolean> {
  const pools = await context.drivers.target.observe(context.service.scope, context);
  if (pools.find(({ pool }) => pool === old.pool)?.desired !== 'running') return false;
  try {
    await ensurePool(context, old);
    return true;
  } catch (error) {
    if (error instanceof OperationalError && error.failure.code === 'token-conflict') return false;
    throw error;
  }
}

/**
 * On the way back nobody gives a candidate traffic for long: the split of the revert is written again. So it
 * is when another one is in force: the balancer has forgotten which words come too late.
 */
async function takeTrafficAgain(context: ActionContext, candidate: PoolId): Promise<void> {
  const { plan, service, command, drivers } = context;
  const routed = await drivers.balancer.observe(service.scope, context);
  const isOurs = routed === null || compareTokens(routed.token, command.revertToken) >= 0;
  if (isOurs && (routed?.weights[candidate] ?? 0) === 0) return;
  // The restore of a restore may begin behind the first of them; another one follows every stop.
  const splits = splitsOf([...plan.revert, ...plan.steps], service);
  await write(context, splits[0]);
}

/**
 * Behind the point of no return another service's old pool is gone: traffic that somebody else has given
 * back to this one is taken again, for there is no way but on.
 */
async function takeTrafficOn(context: ActionContext, old: PoolId): Promise<void> {
  if ((await weightOf(context, old)) === 0) return;
  await write(context, splitsOf(context.plan.steps, context.service).at(-1));
}

function splitsOf(steps: readonly Step[], { scope }: PlannedService): readonly PlannedSplit[] {
  return steps.flatMap(({ action, ...step }) =>
    step.scope === scope && action.kind === 'apply-split' ? [action.split] : [],
  );
}

async function write(context: ActionContext, split: PlannedSplit | undefined): Promise<void> {
  const { command, drivers, signal } = context;
  invariant(split, 'who stops a pool has a split without it');
  const routing = await resolveRouting(context, split);
  await drivers.balancer.apply(routing, { token: command.token, signal });
}

async function weightOf(context: ActionContext, pool: PoolId): Promise<number> {
  const routed = await context.drivers.balancer.observe(context.service.scope, context);
  return routed?.weights[pool] ?? 0;
}

/**
 * A pool that is stopped stays so. One that does not exist may have its start still on its way: it
 * counts as stopped only when the target has accepted the stop, and refuses what is older.
 */
export async function isPoolStopped(context: ActionContext, pool: PoolId): Promise<boolean> {
  const pools = await context.drivers.target.observe(context.service.scope, context);
  const found = pools.find((candidate) => candidate.pool === pool);
  if (!found) {
    return pools.some(({ token }) => compareTokens(token, context.command.token) >= 0);
  }
  return (
    found.desired === 'stopped' && found.instances.every((instance) => instance.state === 'exited')
  );
}
