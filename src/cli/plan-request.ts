/** From a declared service and a version to what the server is asked: paths resolved, content digested. */
import { dirname, resolve } from 'node:path';
import type { PlanRequest } from '../api/contract/deploy-request.ts';
import { configDigestOf } from '../config/config-digest.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { ServiceConfig } from '../config/system-config.ts';
import { digestArtifact } from '../platform/artifact-digest.ts';

export async function planRequestOf(wish: {
  readonly loaded: LoadedConfig;
  readonly name: string;
  readonly service: ServiceConfig;
  readonly version: string;
  readonly configPath: string;
  readonly kind: PlanRequest['kind'];
}): Promise<PlanRequest> {
  const { loaded, name, service, version, configPath } = wish;
  const path = service.release.path.replaceAll('{version}', version);
  const artifactPath = resolve(dirname(configPath), path);
  const { digest } = await digestArtifact(artifactPath);
  const { rollout } = service;
  return {
    kind: wish.kind,
    system: loaded.config.system,
    environment: loaded.environment,
    service: name,
    release: {
      version,
      artifactPath,
      artifactDigest: digest,
      configDigest: configDigestOf(service.target),
    },
    // The drivers' schemas have validated these parts; the server checks what it relies on.
    target: service.target as PlanRequest['target'],
    balancer: service.balancer as PlanRequest['balancer'],
    probes: service.probes as PlanRequest['probes'],
    rollout: {
      ...rollout,
      strategy: structuredClone(rollout.strategy) as PlanRequest['rollout']['strategy'],
      approvals: [...rollout.approvals],
      gate: { ...rollout.gate, compare: [...rollout.gate.compare] },
    },
  };
}
