/** From declared services and their versions to what the server is asked: paths resolved, content digested. */
import { dirname, resolve } from 'node:path';
import type { PlanRequest, ServiceRequest } from '../api/contract/deploy-request.ts';
import { configDigestOf } from '../config/config-digest.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { ServiceConfig } from '../config/system-config.ts';
import { backupProbeOf } from './backup-probe-of.ts';
import { databaseRequestOf } from './database-request.ts';
import { mapNonEmpty } from '../core/map-non-empty.ts';
import { digestArtifact } from '../platform/artifact-digest.ts';
import { plannedControlsOf } from './planned-controls-of.ts';
import { validationRequestOf } from './validation-request.ts';
import type { WantedRelease } from './wanted-releases.ts';

export async function planRequestOf(wish: {
  readonly loaded: LoadedConfig;
  readonly wanted: readonly [WantedRelease, ...WantedRelease[]];
  readonly configPath: string;
  readonly kind: PlanRequest['kind'];
}): Promise<PlanRequest> {
  const { loaded, kind, wanted, configPath } = wish;
  return {
    kind,
    system: loaded.config.system,
    environment: loaded.environment,
    services: [
      ...(await Promise.all(
        mapNonEmpty(wanted, (each) => serviceRequestOf(each, { loaded, configPath })),
      )),
    ],
  };
}

interface Project {
  readonly loaded: LoadedConfig;
  readonly configPath: string;
}

async function serviceRequestOf(
  { name, service, version }: WantedRelease,
  { loaded, configPath }: Project,
): Promise<ServiceRequest> {
  const folder = dirname(configPath);
  const ofEnvironment = loaded.config.environments[loaded.environment]?.windows;
  const path = service.release.path.replaceAll('{version}', version);
  const artifactPath = resolve(folder, path);
  const { digest } = await digestArtifact(artifactPath);
  const { rollout, validation } = service;
  const windows = [ofEnvironment, service.windows].flatMap((each) => (each ? [[...each]] : []));
  return {
    service: name,
    release: {
      version,
      artifactPath,
      artifactDigest: digest,
      configDigest: configDigestOf(service.target),
    },
    // The drivers' schemas have validated these parts; the server checks what it relies on.
    target: service.target as ServiceRequest['target'],
    balancer: service.balancer as ServiceRequest['balancer'],
    probes: service.probes as ServiceRequest['probes'],
    rollout: {
      ...rollout,
      strategy: structuredClone(rollout.strategy) as ServiceRequest['rollout']['strategy'],
      approvals: [...rollout.approvals],
      gate: { ...rollout.gate, compare: [...rollout.gate.compare] },
    },
    ...(validation && {
      validation: await validationRequestOf(validation, {
        ...{ version, artifactPath, folder, secretValues: loaded.secretValues },
        controls: await plannedControlsOf(loaded, { configPath, service: name, validation }),
      }),
    }),
    ...(service.database && {
      database: databaseRequestOf(service.database, { backups: service.backups, folder, version }),
    }),
    ...(service.backups && { backups: backupRequestsOf(service.backups, { loaded, configPath }) }),
    ...(windows.length > 0 && { windows }),
  };
}

function backupRequestsOf(
  backups: NonNullable<ServiceConfig['backups']>,
  { loaded, configPath }: Project,
): NonNullable<ServiceRequest['backups']> {
  const { secretValues, config: system } = loaded;
  const { backupStore: store } = system;
  return Object.entries(backups).map(([name, backup]) => {
    const { driver, config, every, keep, log } = backup;
    const probe = backupProbeOf(backup, { secretValues, configPath });
    return {
      ...{ name, driver, ageMs: backup.age, partsMin: backup.parts, timeBoxMs: backup.timeBox },
      ...(every !== undefined && { everyMs: every }),
      ...(keep && { keep }),
      ...(log && { logWithinMs: log.within }),
      ...(store && { store }),
      ...(probe && { probe }),
      // The driver's schema has validated it.
      config: { ...(config as object) },
    };
  });
}
