/** Watches, while a command is about one service, those others that have traffic under a lease by now. */
import type { Command, HeldLease } from '../core/deployment/deployment-state.ts';
import { failureOf } from '../core/failures.ts';
import { OperationalError } from '../core/operational-error.ts';
import { compareTokens } from '../core/model/fencing-token.ts';
import type { RoutingObservation } from '../core/model/routing.ts';
import { serviceOf } from '../core/plan/service-of.ts';
import { watchedTraffic } from '../core/plan/watched-traffic.ts';
import type { ActionContext, ActionResult } from './action-context.ts';
import { fallbackResult } from './actions/fallback-result.ts';
import { holdTraffic } from './actions/hold-traffic.ts';
import type { EngineContext } from './engine-context.ts';
import { poll } from './poll.ts';

type Failed = Extract<ActionResult, { kind: 'failed' }>;

/**
 * `position` is where the deployment stands in its plan. Calls back when one of them may not keep its traffic, which it then has no more. Ends with the signal,
 * and does not wait for anything.
 */
export function watchBeside(
  engine: Pick<EngineContext, 'connectDrivers'>,
  context: ActionContext,
  position: number,
  onFound: (found: Failed) => void,
): void {
  const { plan, command, signal } = context;
  for (const lease of leasesBeside(command)) {
    const { scope } = lease;
    const service = serviceOf(plan, scope);
    const beside: ActionContext = {
      ...context,
      ...{ service, lease, drivers: engine.connectDrivers(service) },
      end: () => (signal.aborted ? 'request' : null),
      progress: () => undefined,
    };
    void holdTraffic(beside, watchedTraffic(plan, position, scope))
      .catch((error: unknown): Failed | null => (signal.aborted ? null : brokenWatch(error)))
      .then((result) => {
        if (result?.kind === 'failed') onFound(namedAfter(service.service, result));
      });
  }
}

/**
 * Looked at before anything is done: what the command is about may count on them. Null when each has the
 * traffic that it was given; asks until all balancers have answered, or the time is over.
 */
export async function lostBeside(
  engine: Pick<EngineContext, 'connectDrivers'>,
  context: ActionContext,
): Promise<Failed | null> {
  const { plan, command } = context;
  for (const { scope, token } of leasesBeside(command)) {
    const service = serviceOf(plan, scope);
    const { balancer } = engine.connectDrivers(service);
    const seen: RoutingObservation[] = [];
    await poll(context, async () => {
      const observation = await balancer.observe(scope, context);
      if (observation) seen.push(observation);
      return observation !== null;
    });
    const [observation] = seen;
    if (!observation) return null;
    if (observation.fallback) {
      return namedAfter(service.service, fallbackResult(observation.fallback));
    }
    if (compareTokens(observation.token, token) !== 0) {
      const failure = failureOf('split-differs', 'Another split is in force than was written.');
      return namedAfter(service.service, { kind: 'failed', failure });
    }
  }
  return null;
}

function leasesBeside({ leases, scope }: Command): readonly HeldLease[] {
  return leases.filter((lease) => lease.scope !== scope);
}

/** The step at hand is about another one. */
function namedAfter(service: string, found: Failed): Failed {
  const { failure } = found;
  return { ...found, failure: { ...failure, message: `${service}: ${failure.message}` } };
}

function brokenWatch(error: unknown): Failed {
  if (error instanceof OperationalError) return { kind: 'failed', failure: error.failure };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'failed', failure: failureOf('internal-error', text, { effect: 'unknown' }) };
}
