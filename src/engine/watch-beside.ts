/** Watches traffic that is under a lease while a command is about something else: another service, or the data. */
import { failureIn } from '../core/failure-in.ts';
import { failureOf } from '../core/failures.ts';
import { compareTokens } from '../core/model/fencing-token.ts';
import type { RoutingObservation } from '../core/model/routing.ts';
import { asksData } from '../core/plan/asks-data.ts';
import type { PlannedService } from '../core/plan/plan.ts';
import { serviceOf } from '../core/plan/service-of.ts';
import { watchedTraffic } from '../core/plan/watched-traffic.ts';
import type { ActionContext, ActionResult } from './action-context.ts';
import { fallbackResult } from './actions/fallback-result.ts';
import { holdTraffic } from './actions/hold-traffic.ts';
import type { EngineContext } from './engine-context.ts';
import { poll } from './poll.ts';

type Failed = Extract<ActionResult, { kind: 'failed' }>;

/**
 * Calls back when one of them may not keep its traffic, which it then has no more. Ends with the signal, and
 * does not wait for anything. `position` is where the deployment stands in its plan.
 */
export function watchBeside(
  engine: Pick<EngineContext, 'connectDrivers'>,
  context: ActionContext,
  position: number,
  onFound: (found: Failed) => void,
): void {
  const { plan, signal } = context;
  const { command } = context;
  const looksAway = asksData(command.action);
  const watched = leased(engine, context).filter(
    ({ service }) => looksAway || service.scope !== command.scope,
  );
  for (const { service, lease, drivers } of watched) {
    const beside: ActionContext = {
      ...{ ...context, service, lease, drivers },
      end: () => (signal.aborted ? 'request' : null),
      progress: () => undefined,
    };
    void holdTraffic(beside, watchedTraffic(plan, position, service.scope))
      .catch((error: unknown): Failed | null => (signal.aborted ? null : brokenWatch(error)))
      .then((result) => {
        if (result?.kind !== 'failed') return;
        onFound(service.scope === command.scope ? result : namedAfter(service, result));
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
  const { command } = context;
  for (const { service, lease, drivers } of leased(engine, context)) {
    if (service.scope === command.scope) continue;
    const seen: RoutingObservation[] = [];
    await poll(context, async () => {
      const observation = await drivers.balancer.observe(service.scope, context);
      if (observation) seen.push(observation);
      return observation !== null;
    });
    const [observation] = seen;
    if (!observation) return null;
    if (observation.fallback) return namedAfter(service, fallbackResult(observation.fallback));
    if (compareTokens(observation.token, lease.token) !== 0) {
      const failure = failureOf('split-differs', 'Another split is in force than was written.');
      return namedAfter(service, { kind: 'failed', failure });
    }
  }
  return null;
}

function leased(
  { connectDrivers }: Pick<EngineContext, 'connectDrivers'>,
  { plan, command }: ActionContext,
) {
  return command.leases.map((lease) => {
    const service = serviceOf(plan, lease.scope);
    return { service, lease, drivers: connectDrivers(service) };
  });
}

/** The step at hand is about another one. */
function namedAfter({ service }: PlannedService, found: Failed): Failed {
  const { failure } = found;
  return { ...found, failure: { ...failure, message: `${service}: ${failure.message}` } };
}

function brokenWatch(error: unknown): Failed {
  const failure = failureIn(error);
  return { kind: 'failed', failure };
}
