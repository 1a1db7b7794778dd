/** Makes the plan of the way back, for all services that came in together. Changes nothing. */
import { mapNonEmpty } from '../core/map-non-empty.ts';
import { scopeOf } from '../core/model/ids.ts';
import { operationalError, type OperationalError } from '../core/operational-error.ts';
import type { ServiceInput } from '../core/plan/compile-plan.ts';
import { compileRestore } from '../core/plan/compile-restore.ts';
import type { Plan, PlannedService } from '../core/plan/plan.ts';
import { promotionStack, type PromotionStack } from '../core/plan/promotion-stack.ts';
import type { Store } from '../store/store.ts';
import { gatherFacts, type Facts } from './facts.ts';
import {
  HISTORY_MAX,
  plannedFrom,
  prepared,
  refuseWhileOpen,
  refuseWhileRunning,
  type Environments,
  type PreparedPlan,
} from './plan-deployment.ts';

/** Back to the release before; or, after a HELD deployment, to the end of what it left open. */
export async function planRollback(
  store: Store,
  environment: string,
  service: string,
): Promise<PreparedPlan> {
  const facts = await gatherFacts(store, scopeOf(environment, service));
  refuseWhileRunning(facts);
  const { held } = facts;
  const deployment = await store.nextDeploymentNumber();
  if (held) {
    const heldAt = held.state.outcome?.kind === 'held' ? held.state.outcome.cause.step : '';
    const plan = compileRestore(held.plan, heldAt, deployment);
    return prepared(plan, await recordedEnvironments(store, plan.services));
  }
  const { top } = await stackOf(store, facts);
  if (!top) throw nothingBefore(environment, service, facts);
  const services = await Promise.all(
    mapNonEmpty(top.plan.services, (of) => wayBack(store, top.plan, of)),
  );
  const { system } = top.plan;
  const plan = plannedFrom({ deployment, kind: 'rollback', system, environment, services });
  return prepared(plan, await recordedEnvironments(store, services));
}

/** How a release is brought in is what holds today; what it is and how it is probed is its own. */
async function wayBack(
  store: Store,
  cameIn: Plan,
  { service, scope }: PlannedService,
): Promise<ServiceInput> {
  const facts = await gatherFacts(store, scope);
  refuseWhileRunning(facts);
  refuseWhileOpen(facts);
  const { top, under } = await stackOf(store, facts);
  if (top && top.plan.deployment !== cameIn.deployment) throw movedOn(cameIn, service, top.plan);
  const { inForce, stable } = facts;
  if (!inForce || !under) throw nothingBefore(cameIn.environment, service, facts, cameIn);
  const before = under.service;
  return {
    ...inForce.service,
    release: before.release,
    artifactPath: before.candidate.artifact.path,
    pool: before.candidate,
    probes: before.probes,
    stable,
    inForce: inForce.service,
  };
}

async function stackOf(store: Store, { scope }: Facts): Promise<PromotionStack> {
  return promotionStack(await store.listDeployments({ scope, limit: HISTORY_MAX }), scope);
}

/** `cameIn`: with what it would go back. */
function nothingBefore(
  environment: string,
  service: string,
  { inForce }: Facts,
  cameIn?: Plan,
): OperationalError {
  const { replaces, release } = inForce?.service ?? {};
  const message =
    inForce?.plan.kind === 'rollback' && release && replaces
      ? `${service} ${release.version} was rolled back to, and no release before it is known; deploy ${replaces.version} again if you want it.`
      : `${service} in ${environment} has no release before the present one to return to.`;
  const others = cameIn && cameIn.services.length > 1 ? ` ${together(cameIn)}.` : '';
  return operationalError('not-found', `${message}${others}`);
}

function together({ id, services }: Plan): string {
  const names = services.map((each) => each.service).join(', ');
  return `${names} came in together with ${id} and go back together`;
}

function movedOn(cameIn: Plan, service: string, since: Plan): OperationalError {
  return operationalError(
    'not-found',
    `${together(cameIn)}, but ${service} was brought further with ${since.id}. Roll that back first: surefoot rollback --service ${service}.`,
  );
}

async function recordedEnvironments(
  store: Store,
  services: readonly Pick<PlannedService, 'release'>[],
): Promise<Environments> {
  const found = services.map(async ({ release }) => {
    const environment = await store.findReleaseEnvironment(release.configDigest);
    if (environment) return [release.configDigest, environment] as const;
    const message = `The configuration of ${release.version} is not recorded.`;
    throw operationalError('artifact-missing', message);
  });
  return Object.fromEntries(await Promise.all(found));
}
