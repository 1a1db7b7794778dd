/**
 * A place that somebody names: where something was deployed, or what surefoot.yaml declares. A name with
 * a typing error would freeze nothing, and nobody would notice.
 */
import type { StatusAnswer } from '../api/contract/answers.ts';
import { loadConfig } from '../config/load.ts';
import { configPathOf, type CliSession } from './cli-session.ts';
import { escapeText, quoted } from './render/escape-text.ts';
import { usageError } from './usage-error.ts';

interface NamedPlace {
  readonly environment: string;
  readonly service?: string;
}

export async function knownPlace(
  session: CliSession,
  { services }: StatusAnswer,
  name: string,
): Promise<NamedPlace> {
  const [environment = '', service, ...more] = name.split('/');
  const place = { environment, ...(service !== undefined && { service }) };
  if (more.length === 0) {
    const isDeployed = services.some(
      (each) =>
        each.environment === environment && (service === undefined || each.service === service),
    );
    if (isDeployed || (await isDeclared(session, place))) return place;
  }
  const deployed = services.map((each) => `${each.environment}/${each.service}`);
  const known = escapeText(deployed.join(', ') || 'nothing yet');
  const meant = services.find((each) => each.service === name);
  const hint = meant ? ` To name a service: ${meant.environment}/${meant.service}.` : '';
  throw usageError(
    `${quoted(name)} is no place: nothing was deployed there, and surefoot.yaml does not declare it. Deployed are: ${known}.${hint}`,
  );
}

async function isDeclared(session: CliSession, { environment, service }: NamedPlace) {
  const loaded = await loadConfig({
    path: configPathOf(session),
    environmentVariables: session.environment.env,
    drivers: session.environment.drivers,
    environment,
  });
  return loaded.ok && (service === undefined || Object.hasOwn(loaded.config.services, service));
}
