import { invariant } from '../invariant.ts';
import type { Scope } from '../model/ids.ts';
import type { Plan, PlannedService } from './plan.ts';

/** What the plan does to the service that one of its steps is about. */
export function serviceOf({ id, services }: Plan, scope: Scope): PlannedService {
  const found = services.find((service) => service.scope === scope);
  invariant(found, `${scope} is no service of deployment ${id}`);
  return found;
}
