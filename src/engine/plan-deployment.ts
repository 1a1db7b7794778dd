/** Makes the plan of a deployment from what is known now. Changes nothing. */
import { mapNonEmpty } from '../core/map-non-empty.ts';
import { scopeOf, type Scope } from '../core/model/ids.ts';
import { addressesOverlap } from '../core/model/listen-address.ts';
import { OperationalError, operationalError } from '../core/operational-error.ts';
import type { ApprovalPolicy } from '../core/plan/approval-gates.ts';
import { compilePlan, type PlanInput, type ServiceInput } from '../core/plan/compile-plan.ts';
import type { Plan, PlannedService, RolloutPolicy } from '../core/plan/plan.ts';
import type { Strategy } from '../core/plan/strategy.ts';
import type { RolloutConfig } from '../config/system-config.ts';
import { canonicalDigest } from '../platform/canonical-digest.ts';
import type { PlannedDatabase } from '../core/migration/planned-database.ts';
import type { Store } from '../store/store.ts';
import type { EngineContext } from './engine-context.ts';
import type { WishedDatabase } from './migration/plan-database.ts';
import { comparedOf } from './compared-of.ts';
import { latencyLimitOf } from './latency-limit-of.ts';
import { mirrorPolicyOf } from './mirror-policy-of.ts';
import { gatherFacts, type Facts } from './facts.ts';
import { scopeBusy } from './scope-busy.ts';

export const HISTORY_MAX = 1_000;

/** A plan with its digest and what belongs to it but is not printed. */
export interface PreparedPlan {
  readonly plan: Plan;
  readonly digest: string;
  readonly environments: Environments;
}

/** What releases, checks and backups get that may be secret, by its digest. */
export type Environments = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What is to be deployed, after defaults; durations in ms. */
export type DeploymentWish = Pick<PlanInput, 'system' | 'environment' | 'acceptDrift'> & {
  readonly kind: 'deploy' | 'repair';
  /** What others depend on comes first. */
  readonly services: readonly [ServiceWish, ...ServiceWish[]];
};

export type ServiceWish = Omit<ServiceInput, 'stable' | 'inForce' | 'database'> & {
  readonly database?: WishedDatabase;
  /** What may be secret of its instances, its validation and its backups, by the digests that name it. */
  readonly environments: Environments;
};

/** Asks the databases that are to be migrated, and changes nothing. */
export async function planDeployment(
  { store, work }: Pick<EngineContext, 'store' | 'work'>,
  wish: DeploymentWish,
): Promise<PreparedPlan> {
  const { environment } = wish;
  const known = async (wished: ServiceWish) => {
    const { environments, database, ...service } = wished;
    const facts = await gatherFacts(store, scopeOf(environment, service.service));
    refuseWhileRunning(facts);
    refuseWhileOpen(facts);
    const { stable, inForce } = facts;
    const before = inForce?.service ?? null;
    return {
      ...{ ...service, stable, inForce: before },
      ...(database && {
        database: await plannedDatabase(work, { database, environments, before }),
      }),
    };
  };
  const services = await Promise.all(mapNonEmpty(wish.services, known));
  await refuseTakenAddress(store, wish);
  const deployment = await store.nextDeploymentNumber();
  const environments: Environments = Object.fromEntries(
    wish.services.flatMap((service) => Object.entries(service.environments)),
  );
  return prepared(plannedFrom({ ...wish, deployment, services }), environments);
}

function plannedDatabase(
  { planDatabase }: EngineContext['work'],
  given: {
    readonly database: WishedDatabase;
    readonly environments: Environments;
    readonly before: PlannedService | null;
  },
): Promise<PlannedDatabase> {
  const { database, environments, before } = given;
  return planDatabase({
    database,
    packed: environments[database.configDigest] ?? {},
    shippedBefore: before && (before.database?.migrations?.shipped ?? []),
  });
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
    ...comparedOf(gate),
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

export function plannedFrom(input: PlanInput): Plan {
  const compiled = compilePlan(input);
  if (compiled.kind === 'refused') throw new OperationalError(compiled.failure);
  return compiled.plan;
}

export function prepared(plan: Plan, environments: Environments): PreparedPlan {
  return { plan, digest: canonicalDigest(plan), environments };
}

/** Admission refuses too; here it comes before anything else that could be said of the plan. */
export function refuseWhileRunning({ running, scope }: Facts): void {
  if (running) throw scopeBusy(running.number, scope);
}

export function refuseWhileOpen({ held }: Facts): void {
  if (!held) return;
  throw operationalError(
    'scope-busy',
    `Deployment ${held.plan.id} ended HELD and left something open. End it first: surefoot rollback.`,
  );
}

/** Two services cannot be served on one address: the later one would take the earlier one's clients. */
async function refuseTakenAddress(store: Store, wish: DeploymentWish): Promise<void> {
  const taken: Pick<PlannedService, 'scope' | 'balancer'>[] = await servedNow(store);
  for (const { service, balancer } of wish.services) {
    const scope = scopeOf(wish.environment, service);
    const { listen } = balancer;
    const other = taken.find(
      (served) => served.scope !== scope && addressesOverlap(served.balancer.listen, listen),
    );
    if (other) {
      throw operationalError(
        'config-invalid',
        `${listen.host}:${listen.port} already serves ${other.scope}; declare another listen address.`,
      );
    }
    taken.push({ scope, balancer });
  }
}

/** Every service as its last promotion serves it. */
async function servedNow(store: Store): Promise<PlannedService[]> {
  const promoted = await store.listDeployments({ status: 'promoted', limit: HISTORY_MAX });
  // An address that a service served on once may be free by now.
  const last = new Map<Scope, PlannedService>();
  for (const service of promoted.flatMap(({ plan }) => plan.services)) {
    if (!last.has(service.scope)) last.set(service.scope, service);
  }
  return [...last.values()].filter(({ leaves }) => leaves !== null);
}
