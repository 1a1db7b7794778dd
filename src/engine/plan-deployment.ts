/** Makes the plan of a request from what is known now. Changes nothing. */
import { failureOf } from '../core/failures.ts';
import { scopeOf } from '../core/model/ids.ts';
import { addressesOverlap } from '../core/model/listen-address.ts';
import { OperationalError, operationalError } from '../core/operational-error.ts';
import type { ApprovalPolicy } from '../core/plan/approval-gates.ts';
import { compilePlan, type PlanInput } from '../core/plan/compile-plan.ts';
import { compileRestore } from '../core/plan/compile-restore.ts';
import { planBefore } from '../core/plan/plan-before.ts';
import type { Plan, ReleaseIdentity, RolloutPolicy } from '../core/plan/plan.ts';
import type { Strategy } from '../core/plan/strategy.ts';
import type { RolloutConfig } from '../config/system-config.ts';
import { canonicalDigest } from '../platform/canonical-digest.ts';
import type { Store } from '../store/store.ts';
import type { DeploymentRecord } from '../store/deployment-store.ts';
import { latencyLimitOf } from './latency-limit-of.ts';
import { mirrorPolicyOf } from './mirror-policy-of.ts';
import { gatherFacts, type Facts } from './facts.ts';
import { scopeBusy } from './scope-busy.ts';

const HISTORY_MAX = 1_000;

/** A plan with its digest and what belongs to it but is not printed. */
export interface PreparedPlan {
  readonly plan: Plan;
  readonly digest: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What is to be deployed, after defaults; durations in ms. */
export type DeploymentWish = Omit<PlanInput, 'deployment' | 'kind' | 'stable' | 'inForce'> & {
  readonly kind: 'deploy' | 'repair';
  readonly instanceEnvironment: Readonly<Record<string, string>>;
};

export async function planDeployment(store: Store, wish: DeploymentWish): Promise<PreparedPlan> {
  const facts = await gatherFacts(store, scopeOf(wish.environment, wish.service));
  refuseWhileRunning(facts);
  if (facts.held) {
    throw operationalError(
      'scope-busy',
      `Deployment ${facts.held.plan.id} ended HELD and left something open. End it first: surefoot rollback.`,
    );
  }
  await refuseTakenAddress(store, wish);
  const { instanceEnvironment, ...input } = wish;
  const deployment = await store.nextDeploymentNumber();
  const plan = planned({
    ...input,
    deployment,
    stable: facts.stable,
    inForce: facts.inForce,
  });
  return prepared(plan, instanceEnvironment);
}

/** Back to the release before; or, after a HELD deployment, to the end of what it left open. */
export async function planRollback(
  store: Store,
  environment: string,
  service: string,
): Promise<PreparedPlan> {
  const scope = scopeOf(environment, service);
  const facts = await gatherFacts(store, scope);
  refuseWhileRunning(facts);
  const { held, stable, inForce } = facts;
  const deployment = await store.nextDeploymentNumber();
  if (held) {
    const heldAt = held.state.outcome?.kind === 'held' ? held.state.outcome.cause.step : '';
    const plan = compileRestore(held.plan, heldAt, deployment);
    return prepared(plan, await recordedEnvironment(store, plan.release));
  }
  const before = planBefore(await store.listDeployments({ scope, limit: HISTORY_MAX }));
  if (!inForce || !before) throw nothingBefore(environment, service, inForce);
  const input: PlanInput = {
    // How a release is brought in is what holds today; what it is and how it is probed is its own.
    ...inForce,
    deployment,
    kind: 'rollback',
    release: before.release,
    artifactPath: before.candidate.artifact.path,
    pool: before.candidate,
    probes: before.probes,
    stable,
    inForce,
  };
  return prepared(planned(input), await recordedEnvironment(store, before.release));
}

function nothingBefore(environment: string, service: string, inForce: Plan | null) {
  const message =
    inForce?.kind === 'rollback' && inForce.replaces
      ? `${service} ${inForce.release.version} was rolled back to, and no release before it is known; deploy ${inForce.replaces.version} again if you want it.`
      : `${service} in ${environment} has no release before the present one to return to.`;
  return operationalError('not-found', message);
}

/** Maps the words of the configuration file to those of the plan. */
export function rolloutPolicyOf(rollout: RolloutConfig): RolloutPolicy {
  const { probing, gate } = rollout;
  return {
    strategy: strategyOf(rollout.strategy),
    leaseTtlMs: rollout.lease,
    trip: rollout.trip,
    ...(rollout.assignment && { assignment: rollout.assignment }),
    ...(rollout.safeFirst && { safeFirst: rollout.safeFirst }),
    ...(rollout.hedge && { hedgePercent: rollout.hedge }),
    ...(gate.callerHeader && { callerHeader: gate.callerHeader }),
    ...(rollout.approvals.length > 0 && { approvals: rollout.approvals.map(approvalOf) }),
    probing: {
      consecutive: probing.consecutive,
      intervalMs: probing.interval,
      deadlineMs: probing.deadline,
    },
    limits: {
      holdMs: gate.holdFor,
      samplesMin: gate.minSamples,
      errorRateMax: gate.errorRate,
      latency: latencyLimitOf(gate),
    },
    judgeDeadlineMs: gate.deadline,
    compare: gate.compare,
    excludeHarm: gate.excludeHarm,
    warmUpResponses: gate.warmUp,
    keepOldMs: rollout.keepOld,
    ...(rollout.baselineInstances > 0 && { baselineInstances: rollout.baselineInstances }),
    drainMs: rollout.drain,
    ...(rollout.mirror && { mirror: mirrorPolicyOf(rollout.mirror, rollout) }),
  };
}

function approvalOf({ deadline, ...gate }: RolloutConfig['approvals'][number]): ApprovalPolicy {
  return { ...gate, deadlineMs: deadline };
}

function strategyOf(strategy: RolloutConfig['strategy']): Strategy {
  if (strategy.kind !== 'canary') return strategy;
  const steps = strategy.steps.map(({ weight, holdFor, minSamples }) => ({
    weight,
    holdMs: holdFor,
    samplesMin: minSamples,
  }));
  return { kind: 'canary', steps };
}

function planned(input: PlanInput): Plan {
  const compiled = compilePlan(input);
  if (compiled.kind === 'refused') throw new OperationalError(compiled.failure);
  return compiled.plan;
}

function prepared(plan: Plan, environment: Readonly<Record<string, string>>): PreparedPlan {
  return { plan, digest: canonicalDigest(plan), environment };
}

async function recordedEnvironment(
  store: Store,
  release: ReleaseIdentity,
): Promise<Readonly<Record<string, string>>> {
  const environment = await store.findReleaseEnvironment(release.configDigest);
  if (environment) return environment;
  const message = `The configuration of ${release.version} is not recorded.`;
  throw new OperationalError(failureOf('artifact-missing', message));
}

/** Admission refuses too; here it comes before anything else that could be said of the plan. */
function refuseWhileRunning({ running }: Facts): void {
  if (running) throw scopeBusy(running.number, running.plan.scope);
}

/** Two services cannot be served on one address: the later one would take the earlier one's clients. */
async function refuseTakenAddress(store: Store, wish: DeploymentWish): Promise<void> {
  const { listen } = wish.balancer;
  const scope = scopeOf(wish.environment, wish.service);
  const promoted = await store.listDeployments({ status: 'promoted', limit: HISTORY_MAX });
  // An address that a service served on once may be free by now.
  const isLast = ({ plan }: DeploymentRecord, index: number): boolean =>
    promoted.findIndex((other) => other.plan.scope === plan.scope) === index;
  const other = promoted
    .filter(isLast)
    .find(
      ({ plan }) =>
        plan.scope !== scope &&
        plan.leaves !== null &&
        addressesOverlap(plan.balancer.listen, listen),
    );
  if (!other) return;
  throw operationalError(
    'config-invalid',
    `${listen.host}:${listen.port} already serves ${other.plan.scope}; declare another listen address.`,
  );
}
