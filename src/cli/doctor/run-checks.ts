/** All checks of the doctor, in the order in which faults explain each other. */
import { stateDirectoryOf, type CliSession } from '../cli-session.ts';
import { checkConfig } from './check-config.ts';
import type { Check } from './check.ts';
import { checkDisk } from './check-disk.ts';
import { checkNode } from './check-node.ts';
import { checkPorts } from './check-ports.ts';
import { checkPostgres } from './check-postgres.ts';
import { checkProcesses } from './check-processes.ts';
import { checkStateDirectory } from './check-state-directory.ts';

export async function runChecks(
  session: CliSession,
  environment: string | undefined,
): Promise<readonly Check[]> {
  const { env } = session.environment;
  const directory = await checkStateDirectory(() => stateDirectoryOf(session));
  const config = await checkConfig(session, environment);
  return [
    checkNode(process.versions.node),
    directory.check,
    ...(directory.place ? [await checkDisk(directory.place.root)] : []),
    await checkPostgres(env['DATABASE_URL']),
    config.check,
    ...(directory.place ? await checkProcesses(directory.place) : []),
    ...(config.loaded ? await checkPorts(session, config.loaded) : []),
  ];
}
