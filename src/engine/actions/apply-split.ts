/** Writes a split and accepts it only as the balancer reads it back; a candidate must be whole for it. */
import { isPastReturn } from '../../core/deployment/deployment-state.ts';
import { failureOf } from '../../core/failures.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { FencingToken } from '../../core/model/fencing-token.ts';
import type { PoolId } from '../../core/model/ids.ts';
import type { Routing, RoutingObservation } from '../../core/model/routing.ts';
import { operationalError } from '../../core/operational-error.ts';
import type { Action, PlannedPool, PlannedSplit } from '../../core/plan/plan.ts';
import { routingOf } from '../../core/plan/routing-of.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';
import { fallbackResult } from './fallback-result.ts';
import { untilWhole } from './until-whole.ts';

export async function applySplit(
  context: ActionContext,
  { split, whole = [] }: Pick<Extract<Action, { kind: 'apply-split' }>, 'split' | 'whole'>,
): Promise<ActionResult> {
  const { drivers, service, command, signal } = context;
  // It was whole when it was probed; of what has ended since, the balancer would not know.
  for (const pool of whole) {
    const lack = await untilWhole(context, pool);
    if (lack) return { kind: 'failed', failure: lack };
  }
  const routing = await resolveRouting(context, split, whole);
  // What follows a judged split follows that split: what somebody else has loaded was judged by nobody.
  const observation = await drivers.balancer.apply(routing, {
    token: command.token,
    signal,
    ...(context.lease && { over: context.lease.token }),
  });
  const difference = differenceOf(split, observation);
  if (difference) {
    if (observation.fallback) return fallbackResult(observation.fallback);
    const failure = failureOf('split-differs', difference, { effect: 'applied' });
    return { kind: 'failed', failure };
  }
  const { host, port } = service.balancer.listen;
  if (observation.isUnserved && mayStop(context)) {
    const message = `Nobody can connect to ${host}:${port}: the balancer could not open it, another process may have it.`;
    return {
      kind: 'failed',
      failure: failureOf('port-unavailable', message, { effect: 'applied' }),
    };
  }
  return ok(`${weightsOf(split)} on ${host}:${port}, read back.`, {
    inForceSinceNs: observation.inForceSinceNs,
  });
}

/** On the way back, and where there is only the way on, the weights count, whoever has the port. */
function mayStop({ plan, command }: ActionContext): boolean {
  const position = plan.steps.findIndex(({ id }) => id === command.step);
  return position >= 0 && !isPastReturn(plan, { mode: 'forward', position });
}

/** Whether the split is in force under the token; what an unknown outcome is resolved by. */
export async function isSplitInForce(
  context: ActionContext,
  split: PlannedSplit,
  token: FencingToken,
): Promise<boolean> {
  const observation = await context.drivers.balancer.observe(context.service.scope, context);
  return (
    observation !== null &&
    observation.token.deployment === token.deployment &&
    observation.token.sequence === token.sequence &&
    differenceOf(split, observation) === null &&
    !(observation.isUnserved && mayStop(context))
  );
}

/**
 * Fills in the endpoints: those the balancer knows already, so that a revert needs nobody else, and
 * the target's word for a pool that is new to it or, of those at a known size, has grown.
 */
export async function resolveRouting(
  context: Pick<ActionContext, 'drivers' | 'service' | 'signal'>,
  split: PlannedSplit,
  sized: readonly PlannedPool[] = [],
): Promise<Routing> {
  const { drivers, service } = context;
  const present = await drivers.balancer.observe(service.scope, context);
  const known = new Map(present?.routing.pools.map((pool) => [pool.pool, pool.endpoints]));
  const sizes = new Map(sized.map(({ pool, instances }) => [pool, instances]));
  const isKnown = (pool: PoolId): boolean =>
    (known.get(pool)?.length ?? 0) >= (sizes.get(pool) ?? 1);
  // A pool that never had traffic needs no endpoints to have none.
  const getsRequests = ({ pool, weight }: { pool: PoolId; weight: number }): boolean =>
    weight > 0 || (split.lease?.mirror !== undefined && split.lease.candidate === pool);
  const isNew = split.weights.some((routed) => getsRequests(routed) && !isKnown(routed.pool));
  if (isNew) {
    for (const observed of await drivers.target.observe(service.scope, context)) {
      if (isKnown(observed.pool)) continue;
      const endpoints = observed.instances.map(({ id, host, port }) => ({
        instance: id,
        host,
        port,
      }));
      known.set(observed.pool, endpoints);
    }
  }
  return routingOf(service, split, (pool, weight) => {
    const endpoints = known.get(pool) ?? [];
    if (getsRequests({ pool, weight }) && endpoints.length === 0) {
      throw operationalError('capacity-missing', `No instance of pool ${pool} is known.`);
    }
    return endpoints;
  });
}

/** One sentence on the first weight or mirror that is not as written; null when all are. */
export function differenceOf(split: PlannedSplit, observation: RoutingObservation): string | null {
  const written = new Map<PoolId, number>(split.weights.map(({ pool, weight }) => [pool, weight]));
  for (const pool of new Set([
    ...written.keys(),
    ...(Object.keys(observation.weights) as PoolId[]),
  ])) {
    const expected = written.get(pool) ?? 0;
    const observed = observation.weights[pool] ?? 0;
    if (expected !== observed) {
      return `Pool ${pool} reads back ${observed} % where ${expected} % was written.`;
    }
  }
  const mirror = observation.fallback === null ? observation.routing.lease?.mirror : undefined;
  if (canonicalJson(mirror ?? null) === canonicalJson(split.lease?.mirror ?? null)) return null;
  return mirror
    ? 'Requests are copied to the candidate in another way than was written.'
    : 'No requests are copied to the candidate where a mirror was written.';
}

function weightsOf(split: PlannedSplit): string {
  if (split.weights.length === 0) return 'No pool';
  const weights = split.weights.map(({ version, weight }) => `${version}: ${weight} %`).join(', ');
  const { mirror } = split.lease ?? {};
  return mirror ? `${weights}, ${mirror.percent} % copied,` : weights;
}
