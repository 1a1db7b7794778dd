/** The controls that a service is held to, ready for a plan; or a failure with everything that is wrong with them. */
import type { LoadedConfig } from '../config/load.ts';
import { loadProfile } from '../config/load-profile.ts';
import type { ValidationConfig } from '../config/system-config.ts';
import type { PlannedControls } from '../core/compliance/planned-controls.ts';
import type { ListenAddress } from '../core/model/listen-address.ts';
import { problemsError } from './load-project.ts';

/** Null when nothing is demanded. Throws `config-invalid`. */
export async function plannedControlsOf(
  { config, environment, digest, source }: LoadedConfig,
  of: {
    readonly configPath: string;
    readonly service: string;
    readonly validation: ValidationConfig;
  },
): Promise<PlannedControls | null> {
  const { service, configPath, validation } = of;
  const { compliance, checks } = validation;
  if (!compliance) return null;
  const loaded = await loadProfile({
    ...{ configPath, configSource: source, service, checks, compliance },
  });
  if (!loaded.ok) throw problemsError(loaded.problems, loaded.source);
  const { where, digest: ofProfile } = loaded;
  const { name, title, controls } = loaded.profile;
  const listens = Object.entries(config.services).map(
    ([each, { balancer }]) => [each, listenOf(balancer.config)] as const,
  );
  return {
    profile: { name, title, controls, where, digest: ofProfile },
    exemptions: compliance.notApplicable,
    declared: {
      ...{ system: config.system, service, environment, configDigest: digest },
      strictness: config.profile,
      address: listens.find(([each]) => each === service)?.[1] ?? null,
      addresses: listens.flatMap(([, listen]) => listen ?? []),
      backups: Object.entries(config.services[service]?.backups ?? {}).map(
        ([each, { age, every }]) => ({
          ...{ name: each, ageMs: age },
          ...(every !== undefined && { everyMs: every }),
        }),
      ),
      ...(config.backupStore && { backupStore: config.backupStore }),
    },
  };
}

/** Null of a balancer that declares none. */
function listenOf(balancer: unknown): ListenAddress | null {
  const { listen } = balancer as { readonly listen?: Partial<ListenAddress> };
  if (typeof listen?.host !== 'string' || typeof listen.port !== 'number') return null;
  return { host: listen.host, port: listen.port };
}
