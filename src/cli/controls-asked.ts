/** The controls that a check of the whole chain judges last. */
import type { LoadedConfig } from '../config/load.ts';
import type { ValidationConfig } from '../config/system-config.ts';
import { COMPLIANCE } from '../core/compliance/compliance-report.ts';
import { ruledChecks, type ControlsAsked } from '../engine/compliance/judge-controls.ts';
import { packageVersion } from '../platform/package-version.ts';
import { configPathOf, stateDirectoryOf, type CliSession } from './cli-session.ts';
import { plannedControlsOf } from './planned-controls-of.ts';
import { wantedChecks } from './wanted-checks.ts';

/** Null when nothing is declared, or when other checks alone are meant. */
export async function controlsAsked(
  session: CliSession,
  loaded: LoadedConfig,
  of: { readonly service: string; readonly validation: ValidationConfig },
  named: readonly string[],
): Promise<ControlsAsked | null> {
  if (named.length > 0 && !named.includes(COMPLIANCE)) return null;
  const planned = await plannedControlsOf(loaded, { ...of, configPath: configPathOf(session) });
  if (!planned) return null;
  return {
    ...{ planned, version: packageVersion() },
    place: {
      directory: stateDirectoryOf(session),
      checks: ruledChecks(wantedChecks(session, of.validation, null)),
      ...{ host: session.environment.env, clock: session.environment.clock },
      signal: session.signal,
    },
  };
}

/** Throws `config-invalid` for the first service whose profile cannot be used. */
export async function refuseBadProfiles(session: CliSession, loaded: LoadedConfig): Promise<void> {
  const configPath = configPathOf(session);
  for (const [service, { validation }] of Object.entries(loaded.config.services)) {
    if (validation) await plannedControlsOf(loaded, { configPath, service, validation });
  }
}
