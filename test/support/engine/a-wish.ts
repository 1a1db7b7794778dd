import { createHash } from 'node:crypto';
import type { RolloutPolicy } from '../../../src/core/plan/plan.ts';
import type { DeploymentWish, ServiceWish } from '../../../src/engine/plan-deployment.ts';
import { aRolloutPolicy, aServiceInput, type RolloutChanges } from '../plan-builder.ts';

/** Waits of milliseconds, so that a whole deployment takes well below a second. */
export function aQuickRollout(changes: RolloutChanges = {}): RolloutPolicy {
  return aRolloutPolicy({
    weights: [50, 100],
    probing: { consecutive: 2, intervalMs: 5, deadlineMs: 5_000 },
    limits: {
      holdMs: 20,
      samplesMin: 10,
      errorRateMax: 0,
      latency: { quantile: 0.95, maxMs: 100 },
    },
    judgeDeadlineMs: 20_000,
    drainMs: 20,
    ...changes,
  });
}

/** A wish to deploy a version of the service `web`, of two simulated instances. */
/** Of the deployment and, unless `services` are given, of its only service. */
export type WishChanges = Partial<DeploymentWish> & Partial<ServiceWish>;

export function aWish(version: string, changes: WishChanges = {}): DeploymentWish {
  const { kind = 'deploy', system = 'newsroom', environment = 'production', ...more } = changes;
  const { services, ...service } = more;
  return {
    ...{ kind, system, environment },
    services: services ?? [aServiceWish(version, service)],
  };
}

export function aServiceWish(version: string, changes: Partial<ServiceWish> = {}): ServiceWish {
  const { stable: _stable, inForce: _inForce, ...input } = aServiceInput();
  return {
    ...input,
    release: { version, artifactDigest: digest(`artifact ${version}`), configDigest: digest('c') },
    artifactPath: `/releases/${version}`,
    pool: { ...input.pool, startTimeoutMs: 2_000 },
    balancer: { ...input.balancer, requestTimeoutMs: 40 },
    probes: [{ name: 'health', driver: 'simulated', config: { timeout: 2_000 } }],
    rollout: aQuickRollout(),
    environments: { [digest('c')]: { GREETING: 'hello' } },
    ...changes,
  };
}

function digest(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
