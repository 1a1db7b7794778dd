/** What is known of a service before a plan is made: which pool serves, and whether anything is open. */
import type { Scope } from '../core/model/ids.ts';
import type { PlannedPool } from '../core/plan/plan.ts';
import { planFor, type PlanForService } from '../core/plan/plan-for-service.ts';
import type { Store } from '../store/store.ts';
import type { DeploymentRecord } from '../store/deployment-store.ts';

export interface Facts {
  readonly scope: Scope;
  /** The pool that serves by the last promotion; null when nothing was promoted. */
  readonly stable: PlannedPool | null;
  /** The plan that put it in force. */
  readonly promotedBy: PlanForService | null;
  /** The plan that brought the stable pool in: its probes, policy and balancer are those in force. */
  readonly inForce: PlanForService | null;
  /** The deployment that has not ended; nothing can be planned while it changes what runs. */
  readonly running: DeploymentRecord | null;
  /** The last deployment when it ended held: what it left open must be ended first. */
  readonly held: DeploymentRecord | null;
}

export async function gatherFacts(store: Store, scope: Scope): Promise<Facts> {
  const [last] = await store.listDeployments({ scope, limit: 1 });
  const [promoted] = await store.listDeployments({ scope, status: 'promoted', limit: 1 });
  const promotedBy = promoted ? planFor(promoted.plan, scope) : null;
  return {
    scope,
    stable: promotedBy?.service.leaves ?? null,
    promotedBy,
    inForce: promotedBy && (await planInForce(store, promotedBy)),
    running: last?.status === 'running' ? last : null,
    held: last?.status === 'held' ? last : null,
  };
}

/** A restore that went back left the pool of an earlier plan. */
async function planInForce(store: Store, by: PlanForService): Promise<PlanForService | null> {
  const { leaves, candidate, scope } = by.service;
  if (!leaves || leaves.pool === candidate.pool) return leaves && by;
  const before = await store.findDeploymentOfPool(leaves.pool);
  return before && planFor(before.plan, scope);
}
