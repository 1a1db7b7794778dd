/** What `plan` and `deploy` do alike: everything that can be refused before the server is asked. */
import type { PlanRequest } from '../api/contract/deploy-request.ts';
import type { ServiceConfig } from '../config/system-config.ts';
import type { ApiClient } from './api-client.ts';
import { refuseOtherVersion } from './check-server-version.ts';
import { apiOf, configPathOf, type CliSession } from './cli-session.ts';
import { refuseBusyPorts } from './doctor/check-ports.ts';
import { acceptDriftOption } from './accept-drift-option.ts';
import { loadProject } from './load-project.ts';
import { planRequestOf } from './plan-request.ts';
import { wantedReleases } from './wanted-releases.ts';

export interface ReleaseOptions {
  readonly release?: string;
  readonly service?: string;
  readonly environment?: string;
  readonly repair?: true;
  readonly acceptDrift?: string;
}

/** `named`: services, each with `=version` where it has a release of its own. */
export async function prepareRequest(
  session: CliSession,
  options: ReleaseOptions,
  named: readonly string[],
): Promise<{
  readonly request: PlanRequest;
  /** The first of them. */
  readonly service: ServiceConfig;
  readonly api: ApiClient;
}> {
  const acceptDrift = acceptDriftOption(options.acceptDrift);
  const loaded = await loadProject(session, options.environment);
  const wanted = wantedReleases(loaded.config, options, named);
  const configPath = configPathOf(session);
  const kind = options.repair ? 'repair' : 'deploy';
  const request = {
    ...(await planRequestOf({ loaded, wanted, configPath, kind })),
    ...(acceptDrift !== undefined && { acceptDrift }),
  };
  const api = apiOf(session);
  refuseOtherVersion(await api.status());
  await refuseBusyPorts(session, wanted);
  return { request, service: wanted[0].service, api };
}
