/**
 * The plan that ends what a held deployment left open: the rest of its way back, or, when the old
 * release was being retired already, the rest of its way on. There is no other way, so no revert.
 */
import { deploymentIdOf } from '../model/ids.ts';
import { mapNonEmpty } from '../map-non-empty.ts';
import type { Plan, PlannedService } from './plan.ts';

/** `heldAt` is the step that the held deployment could not end. */
export function compileRestore(held: Plan, heldAt: string, deployment: number): Plan {
  const forward = held.steps.findIndex((step) => step.id === heldAt);
  const goesOn = forward >= 0 && isPastReturn(held, forward);
  const steps = goesOn ? held.steps.slice(forward) : held.revert;
  const restored = (service: PlannedService): PlannedService => ({
    ...service,
    release: goesOn ? service.release : (service.replaces ?? service.release),
    replaces: service.release,
    leaves: goesOn ? service.leaves : service.stable,
  });
  return {
    ...held,
    deployment,
    id: deploymentIdOf(deployment),
    kind: 'restore',
    services: mapNonEmpty(held.services, restored),
    steps,
    revert: [],
    pointOfNoReturn: steps[0]?.id ?? null,
  };
}

function isPastReturn(plan: Plan, position: number): boolean {
  return plan.steps.findIndex((step) => step.id === plan.pointOfNoReturn) <= position;
}
