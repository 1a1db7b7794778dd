import type { DeploymentWish, ServiceWish } from '../../src/engine/plan-deployment.ts';

import { aRolloutPolicy } from '../../test/support/plan-builder.ts';

const digest = `sha256:${'0'.repeat(64)}`;

/** What a bench deploys unless it says otherwise: two instances of nothing, on simulated drivers. */
export function benchWish(
  changes: Partial<ServiceWish> & { readonly version: string },
): DeploymentWish {
  const { version, ...rest } = changes;
  return {
    kind: 'deploy',
    system: 'bench',
    environment: 'bench',
    services: [benchService(version, rest)],
  };
}

function benchService(version: string, changes: Partial<ServiceWish>): ServiceWish {
  return {
    service: 'web',
    release: { version, artifactDigest: digest, configDigest: digest },
    artifactPath: '/nowhere',
    pool: { command: ['nothing'], instances: 2, startTimeoutMs: 1_000, stopGraceMs: 1_000 },
    target: { driver: 'simulated', config: {} },
    balancer: {
      driver: 'simulated',
      config: {},
      listen: { host: '127.0.0.1', port: 1 },
      requestTimeoutMs: 1,
    },
    probes: [{ name: 'health', driver: 'simulated', config: {} }],
    rollout: aRolloutPolicy({
      trip: { connectErrors: 3, serverErrors: 3, timeouts: 3 },
      probing: { consecutive: 1, intervalMs: 1, deadlineMs: 10_000 },
      limits: {
        holdMs: 1,
        samplesMin: 1,
        errorRateMax: 0,
        latency: { quantile: 0.95, maxMs: 1_000 },
      },
      judgeDeadlineMs: 10_000,
      drainMs: 1,
    }),
    environments: {},
    ...changes,
  };
}
