import type { PlanOfOneService } from '../../../src/store/plan-as-recorded.ts';
import { aPlan, type PlanChanges } from '../plan-builder.ts';

/** A plan as versions recorded it that knew one service only. */
export function aPlanOfOneService(changes: PlanChanges = {}): PlanOfOneService {
  const { services, steps, revert, ...plan } = aPlan({ deployment: 1, ...changes });
  const unscoped = ({ scope: _scope, ...step }: (typeof steps)[number]) => step;
  return {
    ...plan,
    ...services[0],
    format: 1,
    steps: steps.map(unscoped),
    revert: revert.map(unscoped),
  };
}
