import type { DeployRequest } from '../../../src/api/contract/deploy-request.ts';
import { aWish } from '../engine/a-wish.ts';

/** A request to deploy a version of the service `web`, with waits of milliseconds. */
export function aDeployRequest(
  version: string,
  changes: Partial<DeployRequest> = {},
): DeployRequest {
  const { release, artifactPath } = aWish(version);
  return {
    kind: 'deploy',
    system: 'newsroom',
    environment: 'production',
    service: 'web',
    release: { ...release, artifactPath },
    target: {
      driver: 'simulated',
      config: {
        command: ['node', 'server.mjs'],
        env: { PASSWORD: 'secret-value' },
        instances: 2,
        startTimeout: 2_000,
        stopGrace: 100,
      },
    },
    balancer: {
      driver: 'simulated',
      config: { listen: { host: '127.0.0.1', port: 8080 }, requestTimeout: 40 },
    },
    probes: [{ name: 'health', driver: 'simulated', config: { timeout: 2_000 } }],
    rollout: {
      strategy: {
        kind: 'canary',
        steps: [
          { weight: 50, holdFor: 20, minSamples: 10 },
          { weight: 100, holdFor: 20, minSamples: 10 },
        ],
      },
      lease: 10_000,
      safeFirst: 0,
      hedge: 0,
      probing: { consecutive: 2, interval: 5, deadline: 20_000 },
      gate: {
        holdFor: 20,
        deadline: 60_000,
        minSamples: 10,
        compare: [],
        excludeHarm: false,
        warmUp: 0,
        errorRate: 0,
        latency: { quantile: 'p95', max: 100 },
      },
      approvals: [],
      trip: { connectErrors: 3, serverErrors: 5, timeouts: 3 },
      drain: 20,
      keepOld: 0,
      baselineInstances: 0,
    },
    actor: 'local:ada',
    reason: 'because',
    ...changes,
  };
}
