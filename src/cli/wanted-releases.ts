/** Which release of which services is meant: `web`, or `api=2.0 web=3.1`. */
import type { ServiceConfig, SystemConfig } from '../config/system-config.ts';
import { mapNonEmpty } from '../core/map-non-empty.ts';
import { dependencyOrder } from '../core/plan/dependency-order.ts';
import { chooseService } from './load-project.ts';
import { releaseVersion } from './release-version.ts';
import { quoted } from './render/escape-text.ts';
import { usageError } from './usage-error.ts';

export interface WantedRelease {
  readonly name: string;
  readonly service: ServiceConfig;
  readonly version: string;
}

/** What others depend on comes first. */
export function wantedReleases(
  config: SystemConfig,
  options: { readonly release?: string; readonly service?: string },
  named: readonly string[],
): readonly [WantedRelease, ...WantedRelease[]] {
  if (named.length > 0 && options.service !== undefined && !named.includes(options.service)) {
    throw usageError(
      `Both ${quoted(named.join(' '))} and --service ${quoted(options.service)} are given; name the services once.`,
    );
  }
  const [only = options.service, ...several] = named;
  const meant = [only, ...several] as const;
  if (options.release !== undefined && meant.every(hasVersion)) {
    throw usageError(
      `Both ${quoted(meant.join(' '))} and --release ${quoted(options.release)} are given; say each version once.`,
    );
  }
  const all = mapNonEmpty(meant, (each) => wantedRelease(config, options, each));
  const names = all.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw usageError(`${quoted(twice)} is named twice.`);
  const order = dependencyOrder(
    Object.fromEntries(
      Object.entries(config.services).map(([name, { dependsOn }]) => [name, dependsOn]),
    ),
  ).names;
  const [head = all[0], ...rest] = all.toSorted(
    (left, right) => order.indexOf(left.name) - order.indexOf(right.name),
  );
  return [head, ...rest];
}

function hasVersion(named: string | undefined): boolean {
  return named?.includes('=') ?? false;
}

function wantedRelease(
  config: SystemConfig,
  options: { readonly release?: string },
  named: string | undefined,
): WantedRelease {
  const at = named?.indexOf('=') ?? -1;
  const wanted = at < 0 ? named : named?.slice(0, at);
  const given = at < 0 ? options.release : named?.slice(at + 1);
  if (wanted === '') {
    throw usageError(
      `The name of the service is missing in ${quoted(named ?? '')}; declared are: ${Object.keys(config.services).join(', ')}.`,
    );
  }
  if (given === undefined && named !== undefined) {
    if (!Object.hasOwn(config.services, named) && /^v?\d/.test(named)) {
      throw usageError(`${quoted(named)} is no service. A release is said by: --release ${named}`);
    }
    throw usageError(`Say which release of it: ${named}=<version>, or --release <version>.`);
  }
  const version = releaseVersion(given);
  return { ...chooseService(config, wanted), version };
}
