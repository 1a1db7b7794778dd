import type { LoadedConfig } from '../../config/load.ts';
import type { ServiceConfig } from '../../config/system-config.ts';
import { OperationalError, operationalError } from '../../core/operational-error.ts';
import { tryListening } from '../../platform/try-listening.ts';
import { apiOf, type CliSession } from '../cli-session.ts';
import { fault, fine, warning, type Check } from './check.ts';

interface Listen {
  readonly host: string;
  readonly port: number;
}

/** Every address that a balancer of the configuration wants: free, ours, or somebody else's. */
export async function checkPorts(
  session: CliSession,
  { config }: LoadedConfig,
): Promise<readonly Check[]> {
  const ours = await addressesInUse(session);
  return await Promise.all(
    Object.entries(config.services).map(([name, service]) => checkService(name, service, ours)),
  );
}

/** Before anything is sent: a port that another program has would be found only by the deployment. */
export async function refuseBusyPorts(
  session: CliSession,
  services: readonly { readonly name: string; readonly service: ServiceConfig }[],
): Promise<void> {
  const ours = await addressesInUse(session);
  for (const { name, service } of services) {
    const check = await checkService(name, service, ours);
    if (check.status !== 'fault') continue;
    throw operationalError(
      'config-invalid',
      `services.${name}.balancer.listen: ${check.found}. ${check.remedy}`,
    );
  }
}

async function checkService(
  name: string,
  { balancer }: ServiceConfig,
  ours: ReadonlySet<string> | null,
): Promise<Check> {
  const listen = listenOf(balancer.config);
  if (!listen) return warning(`port of ${name}`, 'not known to the command line', '');
  return await checkPort(`port of ${name}`, listen, ours);
}

async function checkPort(
  name: string,
  listen: Listen,
  ours: ReadonlySet<string> | null,
): Promise<Check> {
  const address = `${listen.host}:${listen.port}`;
  if (ours?.has(address)) return fine(name, `${address} is served by Surefoot`);
  const code = await tryListening(listen);
  if (code === null) return fine(name, `${address} is free`);
  const found = `${address} cannot be used (${code})`;
  if (code === 'EADDRINUSE' && ours === null) {
    return warning(name, `${found}; whether by Surefoot is unknown`, 'surefoot up, then again');
  }
  const remedy =
    code === 'EACCES'
      ? 'Choose a port above 1023, or allow this user lower ones.'
      : 'Stop the other program, or choose another address in balancer.listen.';
  return fault(name, found, remedy);
}

/** Null when the server cannot be asked. */
async function addressesInUse(session: CliSession): Promise<ReadonlySet<string> | null> {
  try {
    const { services } = await apiOf(session).status();
    return new Set(
      services
        .filter(({ routing }) => !routing?.isUnserved)
        .map(({ listen }) => `${listen.host}:${listen.port}`),
    );
  } catch (error) {
    if (error instanceof OperationalError) return null;
    throw error;
  }
}

function listenOf(config: unknown): Listen | null {
  const { listen } = config as { readonly listen?: Partial<Listen> };
  if (typeof listen?.host !== 'string' || typeof listen.port !== 'number') return null;
  return { host: listen.host, port: listen.port };
}
