/**
 * Which release a rollback returns to. Promotions lie on each other like plates: a deployment adds
 * one, a rollback takes the top one away, so that a release that was left is never returned to.
 */
import type { Plan } from './plan.ts';

/** `deployments`: those of one scope, newest first. Null when nothing lies under what serves. */
export function planBefore(
  deployments: readonly { readonly status: string; readonly plan: Plan }[],
): Plan | null {
  const rollbacks = new Set(
    deployments
      .filter(({ plan }) => plan.kind === 'rollback')
      .map(({ plan }) => plan.candidate.pool),
  );
  let above = 1;
  for (const { status, plan } of deployments) {
    const { pool } = plan.candidate;
    // A restore that went back brought in nothing.
    if (status !== 'promoted' || plan.leaves?.pool !== pool) continue;
    if (above === 0) return plan;
    // A rollback stands in the place of the one under it: neither that nor the one it left counts.
    above += rollbacks.has(pool) ? 1 : -1;
  }
  return null;
}
