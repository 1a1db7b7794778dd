import type { Outline } from './outline.ts';
import type { ServiceStep, Step } from './plan.ts';

/** Steps with the service that they are about, also in their names when there are `several`. */
export function scoped(
  { service, candidate }: Outline,
  steps: readonly ServiceStep[],
  several: boolean,
): readonly Step[] {
  return steps.map((step) => ({
    ...step,
    id: several ? `${service}:${step.id}` : step.id,
    scope: candidate.scope,
  }));
}
