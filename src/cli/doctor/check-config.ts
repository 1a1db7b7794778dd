import { loadConfig, type LoadedConfig } from '../../config/load.ts';
import { configPathOf, type CliSession } from '../cli-session.ts';
import { fault, fine, type Check } from './check.ts';

const NAME = 'configuration';

export async function checkConfig(
  session: CliSession,
  environment: string | undefined,
): Promise<{ readonly check: Check; readonly loaded?: LoadedConfig }> {
  const path = configPathOf(session);
  const loaded = await loadConfig({
    path,
    environmentVariables: session.environment.env,
    drivers: session.environment.drivers,
    ...(environment !== undefined && { environment }),
  });
  if (loaded.ok) return { check: fine(NAME, path), loaded };
  const [first] = loaded.problems;
  const more = loaded.problems.length > 1 ? ` (and ${loaded.problems.length - 1} more)` : '';
  const place = first && first.line > 0 ? `:${first.line}:${first.column}` : '';
  const found = `${path}${place}: ${first?.message ?? 'invalid'}${more}`;
  return {
    check: fault(NAME, found, 'surefoot validate lists all; surefoot init writes a first one.'),
  };
}
