/** Writes a planned split to the rehearsed balancer, under the rules that every balancer obeys. */
import { failureOf, type Failure } from '../failures.ts';
import type { FencingToken } from '../model/fencing-token.ts';
import { instanceIdOf, type PoolId } from '../model/ids.ts';
import type { Routing } from '../model/routing.ts';
import type { PlannedSplit } from '../plan/plan.ts';
import { routingOf } from '../plan/routing-of.ts';
import { decideApply } from '../routing/routing-state.ts';
import { lasting, nsOf, type World } from './world.ts';

/** Null when it is in force. */
export function writeSplit(
  world: World,
  split: PlannedSplit,
  token: FencingToken,
  over?: FencingToken,
): Failure | null {
  if (lasting(world, 'balancer-away'))
    return failureOf('agent-unreachable', 'The balancer is away.');
  const decision = decideApply(
    world.routing,
    routingOf(world.planned, split, endpointsOf),
    token,
    nsOf(world.nowMs),
    over,
  );
  if (decision.kind === 'refused') return decision.failure;
  if (decision.kind === 'changed') world.routing = decision.state;
  return null;
}

function endpointsOf(pool: PoolId): Routing['pools'][number]['endpoints'] {
  return [{ instance: instanceIdOf(pool, 0), host: '127.0.0.1', port: 1 }];
}
