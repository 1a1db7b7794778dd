/**
 * The environment of an instance: what the pool declares, what Surefoot adds and what is inherited
 * from the host.
 */
import type { InstanceId } from '../core/model/ids.ts';
import type { PoolSpec } from '../core/model/pool.ts';
import { inheritedEnvironment } from './inherited-environment.ts';
import { LAUNCH_VARIABLE } from './launched-processes.ts';
import { INSTANCE_HOST } from './port-allocation.ts';

export function instanceEnvironment(
  spec: Pick<PoolSpec, 'pool' | 'release' | 'environment'>,
  instance: { readonly id: InstanceId; readonly port: number; readonly launch: string },
  host: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return {
    ...inheritedEnvironment(host),
    ...spec.environment,
    PORT: String(instance.port),
    HOST: INSTANCE_HOST,
    SUREFOOT_RELEASE: spec.release.version,
    SUREFOOT_CONFIG_DIGEST: spec.release.configDigest,
    SUREFOOT_INSTANCE: instance.id,
    SUREFOOT_POOL: spec.pool,
    [LAUNCH_VARIABLE]: instance.launch,
  };
}

/** Where programs are looked for. */
export function searchPathFor(
  spec: Pick<PoolSpec, 'environment'>,
  host: Readonly<Record<string, string | undefined>>,
): string {
  return spec.environment['PATH'] ?? inheritedEnvironment(host).PATH;
}
