/** Watches, while a command is about one service, those others that have traffic under a lease by now. */
import { failureOf } from '../core/failures.ts';
import { OperationalError } from '../core/operational-error.ts';
import { serviceOf } from '../core/plan/service-of.ts';
import { watchedTraffic } from '../core/plan/watched-traffic.ts';
import type { ActionContext, ActionResult } from './action-context.ts';
import { holdTraffic } from './actions/hold-traffic.ts';
import type { EngineContext } from './engine-context.ts';

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
  for (const lease of command.leases) {
    const { scope } = lease;
    if (scope === command.scope) continue;
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
