/**
 * Which release a rollback returns to. Promotions lie on each other like plates: a deployment adds
 * one, a rollback takes the top one away, so that a release that was left is never returned to.
 */
import type { Scope } from '../model/ids.ts';
import { planFor, type PlanForService } from './plan-for-service.ts';
import type { Plan } from './plan.ts';
import { serviceOf } from './service-of.ts';

export interface PromotionStack {
  /** What brought in the release that serves, or that it is once more; null when nothing serves. */
  readonly top: PlanForService | null;
  /** What a rollback returns to; null when nothing lies under what serves. */
  readonly under: PlanForService | null;
}

/** `deployments`: those of the scope, newest first. */
export function promotionStack(
  deployments: readonly { readonly status: string; readonly plan: Plan }[],
  scope: Scope,
): PromotionStack {
  const rollbacks = new Set(
    deployments
      .filter(({ plan }) => plan.kind === 'rollback')
      .map(({ plan }) => serviceOf(plan, scope).candidate.pool),
  );
  let top: PlanForService | null = null;
  let above = 1;
  for (const { status, plan } of deployments) {
    const plate = planFor(plan, scope);
    const { pool } = plate.service.candidate;
    // A restore that went back brought in nothing.
    if (status !== 'promoted' || plate.service.leaves?.pool !== pool) continue;
    if (above === 0) return { top, under: plate };
    // A rollback stands in the place of the one under it: neither that nor the one it left counts.
    above += rollbacks.has(pool) ? 1 : -1;
    if (above === 0) top = plate;
  }
  return { top, under: null };
}
