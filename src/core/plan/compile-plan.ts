/**
 * From what is declared, what is to be deployed and what runs, to an ordered plan with its revert.
 * Anyone can read the protocol here: the steps of a deployment, in their order.
 */
import type { PlannedBackup } from '../backup/planned-backup.ts';
import { failureOf, type Failure } from '../failures.ts';
import { mapNonEmpty } from '../map-non-empty.ts';
import type { PlannedDatabase } from '../migration/planned-database.ts';
import { baselineIdOf, deploymentIdOf, poolIdOf, scopeOf } from '../model/ids.ts';
import { baselineRefusal } from './baseline-refusal.ts';
import { batchRefusal } from './batch-sizes.ts';
import { forwardSteps } from './forward-steps.ts';
import type {
  Action,
  Plan,
  PlannedPool,
  PlannedProbe,
  PlannedService,
  ReleaseIdentity,
  RolloutPolicy,
} from './plan.ts';
import type { Outline } from './outline.ts';
import type { Windows } from '../windows/deployment-window.ts';
import type { PlannedValidation } from '../validation/planned-validation.ts';
import { revertSteps } from './revert-steps.ts';
import { allAtOnce, stagesOf, type Stage } from './stages-of.ts';

/** What is to be deployed of one service, and what is known of it. */
export interface ServiceInput {
  readonly service: string;
  readonly release: ReleaseIdentity;
  readonly artifactPath: string;
  readonly pool: {
    readonly command: readonly string[];
    readonly instances: number;
    readonly startTimeoutMs: number;
    readonly stopGraceMs: number;
  };
  readonly target: PlannedService['target'];
  readonly balancer: PlannedService['balancer'];
  readonly probes: readonly PlannedProbe[];
  readonly rollout: RolloutPolicy;
  readonly validation?: PlannedValidation;
  readonly backups?: readonly PlannedBackup[];
  readonly database?: PlannedDatabase;
  readonly windows?: readonly Windows[];
  /** The pool that serves now, as its own plan described it. */
  readonly stable: PlannedPool | null;
  /** How it is served and probed; what the plan that brought it in said. */
  readonly inForce: Pick<PlannedService, 'balancer' | 'probes'> | null;
}

export interface PlanInput {
  readonly deployment: number;
  readonly kind: Exclude<Plan['kind'], 'restore'>;
  readonly system: string;
  readonly environment: string;
  /** Why schemas that have drifted are taken as they are; missing when they are not. */
  readonly acceptDrift?: string;
  /** What others depend on comes first. */
  readonly services: readonly [ServiceInput, ...ServiceInput[]];
}

export type CompiledPlan =
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'refused'; readonly failure: Failure };

export function compilePlan(input: PlanInput): CompiledPlan {
  for (const service of input.services) {
    const failure = refusalOf(input.kind, service);
    if (failure) return { kind: 'refused', failure };
  }
  const { deployment, kind, system, environment } = input;
  const services = mapNonEmpty(input.services, (service) => plannedService(input, service));
  const compared = services.filter(({ rollout }) => rollout.compare.length > 0).length;
  const outlines = services.map((service) => outlineOf(input, service, compared));
  const steps = forwardSteps(outlines);
  return {
    kind: 'planned',
    plan: {
      format: 2,
      deployment,
      id: deploymentIdOf(deployment),
      kind,
      system,
      environment,
      services,
      steps,
      revert: revertSteps(outlines),
      pointOfNoReturn: steps.find(({ action }) => isRetired(action, services))?.id ?? null,
    },
  };
}

function plannedService(
  { deployment, kind, environment }: PlanInput,
  input: ServiceInput,
): PlannedService {
  const {
    service,
    release,
    artifactPath,
    pool,
    stable,
    inForce,
    target,
    balancer,
    probes,
    rollout,
    windows,
    validation,
    database,
  } = input;
  const scope = scopeOf(environment, service);
  const candidate: PlannedPool = {
    pool: poolIdOf(environment, service, deployment),
    scope,
    release: { version: release.version, configDigest: release.configDigest },
    artifact: { path: artifactPath, digest: release.artifactDigest },
    command: pool.command,
    instances: pool.instances,
    startTimeoutMs: pool.startTimeoutMs,
    stopGraceMs: pool.stopGraceMs,
    restart: 'never',
  };
  const baseline = baselineOf(kind, input, candidate);
  const before = stable ? inForce?.balancer : undefined;
  return {
    service,
    scope,
    release,
    replaces: stable && identityOf(stable),
    candidate,
    stable,
    ...(baseline && { baseline }),
    leaves: { ...candidate, restart: 'always' },
    rollout,
    ...(validation && kind !== 'rollback' && { validation }),
    ...backupsOf(kind, input),
    ...(database && kind !== 'rollback' && { database }),
    ...(windows && { windows }),
    target,
    balancer,
    requestTimeoutBeforeMs: before?.requestTimeoutMs ?? null,
    ...(before?.limits && { limitsBefore: before.limits }),
    probes,
    probesBefore: inForce?.probes ?? [],
  };
}

function outlineOf(
  { kind, acceptDrift }: PlanInput,
  planned: PlannedService,
  compared: number,
): Outline {
  const { service, candidate, stable, baseline = null, rollout } = planned;
  const { validation = null, backups = [], database = null } = planned;
  const stages = stagesFor(kind, { rollout, pool: candidate, stable });
  return {
    ...{ service, kind, candidate, stable, baseline, validation, backups, database },
    ...{ rollout, compared, stages, acceptDrift: acceptDrift ?? null },
  };
}

/** Who repairs waits for what changes the data alone, and who rolls back for nothing. */
function backupsOf(
  kind: PlanInput['kind'],
  { backups = [], database }: ServiceInput,
): Pick<PlannedService, 'backups'> {
  const isMigrated = (database?.migrations?.now.length ?? 0) > 0;
  const meant = backups.flatMap((backup) => {
    if (!isMigrated || backup.name !== database?.backup) return kind === 'deploy' ? [backup] : [];
    return kind === 'rollback' ? [] : [{ ...backup, isOwn: true as const }];
  });
  return meant.length > 0 ? { backups: meant } : {};
}

function isRetired(action: Action, services: readonly PlannedService[]): boolean {
  return action.kind === 'stop-pool' && services.some(({ stable }) => stable?.pool === action.pool);
}

/** Only beside a release that is relied on; what a repair replaces may not even start. */
function baselineOf(
  kind: PlanInput['kind'],
  { stable, rollout }: ServiceInput,
  { pool }: PlannedPool,
): PlannedPool | null {
  const { baselineInstances: instances = 0 } = rollout;
  if (kind !== 'deploy' || stable === null || instances === 0) return null;
  return { ...stable, pool: baselineIdOf(pool), instances, restart: 'never' };
}

function refusalOf(kind: PlanInput['kind'], input: ServiceInput): Failure | null {
  const { stable, release } = input;
  const live = stable && identityOf(stable);
  if (live?.version === release.version && sameContent(live, release)) {
    return failureOf('already-live', `${input.service} ${release.version} already serves.`);
  }
  if (live?.version === release.version && live.artifactDigest !== release.artifactDigest) {
    return failureOf(
      'config-invalid',
      `${input.service} ${release.version} serves with other content: ${live.artifactDigest} runs, ${release.artifactDigest} was given. A version names one content; give the new one another version.`,
    );
  }
  const moved = input.stable && input.inForce && movedAddress(input, input.inForce.balancer);
  if (moved) return moved;
  return isJudged(kind, input) ? (unfitStrategy(input) ?? unseenHang(kind, input)) : null;
}

/** What the stages depend on. */
interface Staged extends Pick<ServiceInput, 'rollout' | 'stable'> {
  readonly pool: { readonly instances: number };
}

function stagesFor(kind: PlanInput['kind'], { rollout, pool, stable }: Staged): readonly Stage[] {
  return isJudged(kind, { stable })
    ? stagesOf(rollout, pool.instances)
    : [allAtOnce(rollout.limits, pool.instances)];
}

/** What has served before, or has nothing beside it, is not judged on its way. */
function isJudged(kind: PlanInput['kind'], { stable }: Pick<ServiceInput, 'stable'>): boolean {
  return kind !== 'rollback' && stable !== null;
}

/** What the configuration refuses with its place, for whoever asks without one. */
function unfitStrategy({ rollout, pool, stable }: ServiceInput): Failure | null {
  const { strategy, baselineInstances = 0 } = rollout;
  if (baselineInstances > 0) {
    const unfit = baselineRefusal(strategy, baselineInstances, stable?.instances ?? 1);
    if (unfit !== null) return failureOf('config-invalid', `rollout.baseline: ${unfit}.`);
  }
  if (strategy.kind !== 'rolling') return null;
  const refusal = batchRefusal(strategy.batch, pool.instances);
  return refusal === null ? null : failureOf('config-invalid', `rollout.batch: ${refusal}.`);
}

function unseenHang(kind: PlanInput['kind'], input: ServiceInput): Failure | null {
  const { rollout, balancer } = input;
  const stagesMs = stagesFor(kind, input).reduce((sum, { holdMs }) => sum + holdMs, 0);
  const judgedMs = stagesMs + rollout.keepOldMs;
  if (judgedMs >= balancer.requestTimeoutMs) return null;
  return failureOf(
    'config-invalid',
    `All steps together hold for ${judgedMs} ms, but a request may wait ${balancer.requestTimeoutMs} ms: requests that time out would be seen only after promotion. Raise gate.holdFor or lower requestTimeout.`,
  );
}

/** The address would move before anything of the release is tested, for its clients too. */
function movedAddress(
  { service, balancer }: ServiceInput,
  inForce: PlannedService['balancer'],
): Failure | null {
  const { host, port } = inForce.listen;
  if (balancer.listen.host === host && balancer.listen.port === port) return null;
  return failureOf(
    'config-invalid',
    `${service} serves on ${host}:${port}; moving a service's address with a release would cut its clients off. Keep it, or declare a new service.`,
  );
}

function identityOf(pool: PlannedPool): ReleaseIdentity {
  return {
    version: pool.release.version,
    artifactDigest: pool.artifact.digest,
    configDigest: pool.release.configDigest,
  };
}

function sameContent(left: ReleaseIdentity, right: ReleaseIdentity): boolean {
  return left.artifactDigest === right.artifactDigest && left.configDigest === right.configDigest;
}
