import type { Scope } from '../model/ids.ts';
import type { Plan, PlannedService } from './plan.ts';
import { serviceOf } from './service-of.ts';

/** A plan, and what it does to the service in question. */
export interface PlanForService {
  readonly plan: Plan;
  readonly service: PlannedService;
}

export function planFor(plan: Plan, scope: Scope): PlanForService {
  return { plan, service: serviceOf(plan, scope) };
}
