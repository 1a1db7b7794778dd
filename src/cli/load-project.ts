/** Reads surefoot.yaml for a command, or fails with everything that is wrong with it. */
import type { ConfigProblem } from '../config/config-problem.ts';
import { loadConfig, type LoadedConfig } from '../config/load.ts';
import { renderProblems } from '../config/render-problems.ts';
import type { ServiceConfig, SystemConfig } from '../config/system-config.ts';
import { operationalError, type OperationalError } from '../core/operational-error.ts';
import { configPathOf, type CliSession } from './cli-session.ts';
import { quoted } from './render/escape-text.ts';
import { usageError } from './usage-error.ts';

export async function loadProject(
  session: CliSession,
  environment: string | undefined,
): Promise<LoadedConfig> {
  const loaded = await loadConfig({
    path: configPathOf(session),
    environmentVariables: session.environment.env,
    drivers: session.environment.drivers,
    ...(environment !== undefined && { environment }),
  });
  if (loaded.ok) return loaded;
  throw problemsError(loaded.problems, loaded.source);
}

export function problemsError(
  problems: readonly ConfigProblem[],
  source: string,
): OperationalError {
  const count =
    problems.length === 1 ? 'There is 1 problem' : `There are ${problems.length} problems`;
  return operationalError(
    'config-invalid',
    `${count} in the configuration.\n${renderProblems(problems, source)}`,
    { details: { problems } },
  );
}

/** The named service, or the only one. */
export function chooseService(
  config: SystemConfig,
  wanted: string | undefined,
): { readonly name: string; readonly service: ServiceConfig } {
  const names = Object.keys(config.services);
  const name = wanted ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined) {
    throw usageError(
      `There are several services (${names.join(', ')}); say which: --service <name>.`,
    );
  }
  const service = Object.hasOwn(config.services, name) ? config.services[name] : undefined;
  if (service) return { name, service };
  throw usageError(`There is no service ${quoted(name)}; declared are: ${names.join(', ')}.`);
}
