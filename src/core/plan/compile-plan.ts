/**
 * From what is declared, what is to be deployed and what runs, to an ordered plan with its revert.
 * Anyone can read the protocol here: the steps of a deployment, in their order.
 */
import { failureOf, type Failure } from '../failures.ts';
import { baselineIdOf, deploymentIdOf, poolIdOf, scopeOf } from '../model/ids.ts';
import { baselineRefusal } from './baseline-refusal.ts';
import { batchRefusal } from './batch-sizes.ts';
import { forwardSteps } from './forward-steps.ts';
import type {
  Action,
  Plan,
  PlannedPool,
  PlannedProbe,
  ReleaseIdentity,
  RolloutPolicy,
} from './plan.ts';
import { revertSteps } from './revert-steps.ts';
import { allAtOnce, stagesOf, type Stage } from './stages-of.ts';

export interface PlanInput {
  readonly deployment: number;
  readonly kind: Exclude<Plan['kind'], 'restore'>;
  readonly system: string;
  readonly environment: string;
  readonly service: string;
  readonly release: ReleaseIdentity;
  readonly artifactPath: string;
  readonly pool: {
    readonly command: readonly string[];
    readonly instances: number;
    readonly startTimeoutMs: number;
    readonly stopGraceMs: number;
  };
  readonly target: Plan['target'];
  readonly balancer: Plan['balancer'];
  readonly probes: readonly PlannedProbe[];
  readonly rollout: RolloutPolicy;
  /** The pool that serves now, as its own plan described it. */
  readonly stable: PlannedPool | null;
  /** How it is served and probed; what the plan that brought it in said. */
  readonly inForce: Pick<Plan, 'balancer' | 'probes'> | null;
}

export type CompiledPlan =
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'refused'; readonly failure: Failure };

export function compilePlan(input: PlanInput): CompiledPlan {
  const refusal = refusalOf(input);
  if (refusal) return { kind: 'refused', failure: refusal };

  const scope = scopeOf(input.environment, input.service);
  const candidate: PlannedPool = {
    pool: poolIdOf(input.environment, input.service, input.deployment),
    scope,
    release: { version: input.release.version, configDigest: input.release.configDigest },
    artifact: { path: input.artifactPath, digest: input.release.artifactDigest },
    command: input.pool.command,
    instances: input.pool.instances,
    startTimeoutMs: input.pool.startTimeoutMs,
    stopGraceMs: input.pool.stopGraceMs,
    restart: 'never',
  };
  const { kind, stable, rollout } = input;
  const baseline = baselineOf(input, candidate);
  const outline = { kind, candidate, stable, baseline, rollout, stages: stagesFor(input) };
  const steps = forwardSteps(outline);
  const before = input.stable && input.inForce?.balancer;
  return {
    kind: 'planned',
    plan: {
      format: 1,
      deployment: input.deployment,
      id: deploymentIdOf(input.deployment),
      kind: input.kind,
      system: input.system,
      environment: input.environment,
      service: input.service,
      scope,
      release: input.release,
      replaces: input.stable && identityOf(input.stable),
      candidate,
      stable: input.stable,
      ...(baseline && { baseline }),
      leaves: { ...candidate, restart: 'always' },
      rollout: input.rollout,
      target: input.target,
      balancer: input.balancer,
      requestTimeoutBeforeMs: before?.requestTimeoutMs ?? null,
      ...(before?.limits && { limitsBefore: before.limits }),
      probes: input.probes,
      probesBefore: input.inForce?.probes ?? [],
      steps,
      revert: revertSteps(outline),
      pointOfNoReturn: steps.find(({ action }) => isRetired(action, stable))?.id ?? null,
    },
  };
}

function isRetired(action: Action, stable: PlannedPool | null): boolean {
  return action.kind === 'stop-pool' && action.pool === stable?.pool;
}

/** Only beside a release that is relied on; what a repair replaces may not even start. */
function baselineOf(
  { kind, stable, rollout }: PlanInput,
  { pool }: PlannedPool,
): PlannedPool | null {
  const { baselineInstances: instances = 0 } = rollout;
  if (kind !== 'deploy' || stable === null || instances === 0) return null;
  return { ...stable, pool: baselineIdOf(pool), instances, restart: 'never' };
}

function refusalOf(input: PlanInput): Failure | null {
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
  return isJudged(input) ? (unfitStrategy(input) ?? unseenHang(input)) : null;
}

function stagesFor(input: PlanInput): readonly Stage[] {
  const { rollout, pool } = input;
  return isJudged(input)
    ? stagesOf(rollout, pool.instances)
    : [allAtOnce(rollout.limits, pool.instances)];
}

/** What has served before, or has nothing beside it, is not judged on its way. */
function isJudged({ kind, stable }: PlanInput): boolean {
  return kind !== 'rollback' && stable !== null;
}

/** What the configuration refuses with its place, for whoever asks without one. */
function unfitStrategy({ rollout, pool, stable }: PlanInput): Failure | null {
  const { strategy, baselineInstances = 0 } = rollout;
  if (baselineInstances > 0) {
    const unfit = baselineRefusal(strategy, baselineInstances, stable?.instances ?? 1);
    if (unfit !== null) return failureOf('config-invalid', `rollout.baseline: ${unfit}.`);
  }
  if (strategy.kind !== 'rolling') return null;
  const refusal = batchRefusal(strategy.batch, pool.instances);
  return refusal === null ? null : failureOf('config-invalid', `rollout.batch: ${refusal}.`);
}

function unseenHang(input: PlanInput): Failure | null {
  const { rollout, balancer } = input;
  const stagesMs = stagesFor(input).reduce((sum, { holdMs }) => sum + holdMs, 0);
  const judgedMs = stagesMs + rollout.keepOldMs;
  if (judgedMs >= balancer.requestTimeoutMs) return null;
  return failureOf(
    'config-invalid',
    `All steps together hold for ${judgedMs} ms, but a request may wait ${balancer.requestTimeoutMs} ms: a hang would be seen only after promotion. Raise gate.holdFor or lower requestTimeout.`,
  );
}

/** The address would move before anything of the release is tested, for its clients too. */
function movedAddress({ service, balancer }: PlanInput, inForce: Plan['balancer']): Failure | null {
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
