/** What `plan` and `deploy` do alike: everything that can be refused before the server is asked. */
import type { PlanRequest } from '../api/contract/deploy-request.ts';
import type { ServiceConfig } from '../config/system-config.ts';
import type { ApiClient } from './api-client.ts';
import { refuseOtherVersion } from './check-server-version.ts';
import { apiOf, configPathOf, type CliSession } from './cli-session.ts';
import { refuseBusyPort } from './doctor/check-ports.ts';
import { chooseService, loadProject } from './load-project.ts';
import { planRequestOf } from './plan-request.ts';
import { releaseVersion } from './release-version.ts';

export interface ReleaseOptions {
  readonly release?: string;
  readonly service?: string;
  readonly environment?: string;
  readonly repair?: true;
}

/** `argument` names the service too. */
export async function prepareRequest(
  session: CliSession,
  options: ReleaseOptions,
  argument: string | undefined,
): Promise<{
  readonly request: PlanRequest;
  readonly service: ServiceConfig;
  readonly api: ApiClient;
}> {
  const version = releaseVersion(options.release);
  const loaded = await loadProject(session, options.environment);
  const chosen = chooseService(loaded, argument ?? options.service);
  const configPath = configPathOf(session);
  const kind = options.repair ? 'repair' : 'deploy';
  const request = await planRequestOf({ loaded, ...chosen, version, configPath, kind });
  const api = apiOf(session);
  refuseOtherVersion(await api.status());
  await refuseBusyPort(session, chosen.name, chosen.service);
  return { request, service: chosen.service, api };
}
