/** What is known of a service before a plan is made: which pool serves, and whether anything is open. */
import type { Scope } from '../core/model/ids.ts';
import type { Plan, PlannedPool } from '../core/plan/plan.ts';
import type { Store } from '../store/store.ts';
import type { DeploymentRecord } from '../store/deployment-store.ts';

export interface Facts {
  /** The pool that serves by the last promotion; null when nothing was promoted. */
  readonly stable: PlannedPool | null;
  /** The deployment that put it in force. */
  readonly promotedBy: DeploymentRecord | null;
  /** The plan that brought the stable pool in: its probes, policy and balancer are those in force. */
  readonly inForce: Plan | null;
  /** The deployment that has not ended; nothing can be planned while it changes what runs. */
  readonly running: DeploymentRecord | null;
  /** The last deployment when it ended held: what it left open must be ended first. */
  readonly held: DeploymentRecord | null;
}

export async function gatherFacts(store: Store, scope: Scope): Promise<Facts> {
  const [last] = await store.listDeployments({ scope, limit: 1 });
  const [promotedBy] = await store.listDeployments({ scope, status: 'promoted', limit: 1 });
  return {
    stable: promotedBy?.plan.leaves ?? null,
    promotedBy: promotedBy ?? null,
    inForce: promotedBy ? await planInForce(store, promotedBy.plan) : null,
    running: last?.status === 'running' ? last : null,
    held: last?.status === 'held' ? last : null,
  };
}

/** A restore that went back left the pool of an earlier plan. */
async function planInForce(store: Store, { leaves, ...plan }: Plan): Promise<Plan | null> {
  if (!leaves) return null;
  if (leaves.pool === plan.candidate.pool) return { ...plan, leaves };
  return (await store.findDeploymentOfPool(leaves.pool))?.plan ?? null;
}
