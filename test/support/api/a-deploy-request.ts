import type { DeployRequest, ServiceRequest } from '../../../src/api/contract/deploy-request.ts';
import { aServiceWish } from '../engine/a-wish.ts';

/** A request to deploy a version of the service `web`, with waits of milliseconds. */
export function aDeployRequest(
  version: string,
  changes: Partial<DeployRequest> & Partial<ServiceRequest> = {},
): DeployRequest {
  const { service, release, target, balancer, probes, rollout, ...more } = changes;
  const given = { service, release, target, balancer, probes, rollout };
  return {
    kind: 'deploy',
    system: 'newsroom',
    environment: 'production',
    services: [aServiceRequest(version, given)],
    actor: 'local:ada',
    reason: 'because',
    ...more,
  };
}

export function aServiceRequest(
  version: string,
  changes: { readonly [Key in keyof ServiceRequest]?: ServiceRequest[Key] | undefined } = {},
): ServiceRequest {
  const { release, artifactPath } = aServiceWish(version);
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return {
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
    ...Object.fromEntries(given),
  };
}
