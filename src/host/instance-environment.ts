/**
 * The environment of an instance: what the pool declares, what Surefoot adds and a short list from
 * the host. Nothing else is inherited, so that Surefoot's own secrets stay its own.
 */
import { delimiter, dirname } from 'node:path';
import type { InstanceId } from '../core/model/ids.ts';
import type { PoolSpec } from '../core/model/pool.ts';
import { LAUNCH_VARIABLE } from '../platform/launched-processes.ts';
import { INSTANCE_HOST } from './port-allocation.ts';

const INHERITED = ['HOME', 'LANG', 'TZ', 'TMPDIR'];

export function instanceEnvironment(
  spec: PoolSpec,
  instance: { readonly id: InstanceId; readonly port: number; readonly launch: string },
  host: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const environment: Record<string, string> = { PATH: searchPathFor(spec, host) };
  for (const name of INHERITED) {
    const value = host[name];
    if (value !== undefined) environment[name] = value;
  }
  return {
    ...environment,
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

/** Where programs are looked for: `node` means the Node that Surefoot itself runs on. */
export function searchPathFor(
  spec: PoolSpec,
  host: Readonly<Record<string, string | undefined>>,
): string {
  const inherited = host['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';
  return spec.environment['PATH'] ?? [dirname(process.execPath), inherited].join(delimiter);
}
