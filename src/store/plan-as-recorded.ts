/** Plans and states as older versions recorded them, read as those of today. The record stays as it is. */
import type { DeploymentState, HeldLease } from '../core/deployment/deployment-state.ts';
import type { Plan, PlannedService, ServiceStep } from '../core/plan/plan.ts';

/** Of one service, whose fields were the plan's own. */
export type PlanOfOneService = Omit<Plan, 'format' | 'services' | 'steps' | 'revert'> &
  PlannedService & {
    readonly format: 1;
    readonly steps: readonly ServiceStep[];
    readonly revert: readonly ServiceStep[];
  };

/** The lease of the one service. */
export type StateOfOneService = Omit<DeploymentState, 'leases'> & {
  readonly lease: Omit<HeldLease, 'scope'> | null;
};

export function planAsRecorded(recorded: Plan | PlanOfOneService): Plan {
  if (recorded.format === 2) return recorded;
  const { deployment, id, kind, system, environment, pointOfNoReturn, ...of } = recorded;
  const { format: _format, steps, revert, ...service } = of;
  const scoped = (step: ServiceStep) => ({ ...step, scope: service.scope });
  return {
    ...{ format: 2, deployment, id, kind, system, environment, pointOfNoReturn },
    services: [service],
    steps: steps.map(scoped),
    revert: revert.map(scoped),
  };
}

export function stateAsRecorded(
  recorded: DeploymentState | StateOfOneService,
  { services: [{ scope }] }: Plan,
): DeploymentState {
  if (!('lease' in recorded)) return recorded;
  const { lease, ...state } = recorded;
  return { ...state, leases: lease ? [{ ...lease, scope }] : [] };
}
