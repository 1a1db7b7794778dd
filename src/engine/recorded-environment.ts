import { operationalError } from '../core/operational-error.ts';
import { untilReachable } from '../store/database.ts';
import type { EngineContext } from './engine-context.ts';

/** What belongs to a digest that a plan names. Waits for a database that is away; throws `artifact-missing`. */
export async function recordedEnvironment(
  { store, clock }: Pick<EngineContext, 'store' | 'clock'>,
  configDigest: string,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const environment = await untilReachable(() => store.findReleaseEnvironment(configDigest), {
    clock,
    signal,
  });
  if (environment) return environment;
  const message = `The configuration ${configDigest} of a release is not recorded.`;
  throw operationalError('artifact-missing', message);
}
