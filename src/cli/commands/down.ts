import { releases } from '../../core/words/releases.ts';
import { existsSync } from 'node:fs';
import { OperationalError, operationalError } from '../../core/operational-error.ts';
import { callControl } from '../../platform/control-client.ts';
import { keeperStatus } from '../../platform/keeper-status.ts';
import type { StateDirectory } from '../../platform/state-directory.ts';
import { stopKeeper } from '../../platform/stop-keeper.ts';
import { clearLeftRuns } from '../../engine/validation/clear-left-runs.ts';
import { apiOf, stateDirectoryOf, type CliSession, type RegisterCommand } from '../cli-session.ts';
import { exitCode } from '../exit-code.ts';
import { isServerAway } from '../follow-deployment.ts';
import { jsonLine } from '../render/escape-text.ts';

interface DownOptions {
  readonly keepInstances?: true;
  readonly force?: true;
}

const STOP_INSTANCES_MS_MAX = 120_000;

/** Stops everything in an orderly way; `up` brings the same releases back. */
export const registerDown: RegisterCommand = (program, perform) => {
  const command = program
    .command('down')
    .description('stop Surefoot and what it runs on this machine')
    .option('--keep-instances', 'leave the instances running, without anybody in front of them')
    .option('--force', 'even while a deployment is running');
  perform<DownOptions>(command, async (session, options) => {
    const directory = stateDirectoryOf(session);
    const { flags, output } = session;
    if (!existsSync(directory.root)) {
      output.result(flags.json ? jsonLine({ stopped: false }) : 'Nothing runs here.');
      return exitCode.done;
    }
    const isKept = (await keeperStatus(directory)) !== null;
    if (isKept && !options.force) await refuseWhileDeploying(session);
    if (!options.keepInstances) await stopInstances(session, directory);
    output.progress('Stopping Surefoot ...');
    await stopKeeper(directory);
    await clearLeftRuns(directory.root, session.environment.clock, () => Promise.resolve());
    output.result(flags.json ? jsonLine({ stopped: true }) : 'Everything is stopped.');
    return exitCode.done;
  });
};

async function refuseWhileDeploying(session: CliSession): Promise<void> {
  try {
    const { services } = await apiOf(session).status();
    const running = services.map(({ last }) => last).find(({ status }) => status === 'running');
    if (!running) return;
    throw operationalError(
      'scope-busy',
      `Deployment ${running.id} of ${releases(running.services)} is running. Wait for it (surefoot watch ${running.id}), abort it, or add --force.`,
    );
  } catch (error) {
    if (!isServerAway(error)) throw error;
    throw operationalError(
      'agent-unreachable',
      'The server does not answer, so whether a deployment is running is unknown. Add --force to stop all the same.',
      { cause: error },
    );
  }
}

/** Asked of the host itself, so that it works without server and database. */
async function stopInstances(
  { output, signal }: CliSession,
  directory: StateDirectory,
): Promise<void> {
  // Removed by a host that ended in an orderly way.
  if (!existsSync(directory.hostSocket)) return;
  output.progress('Stopping instances ...');
  try {
    await callControl(directory.hostSocket, {
      method: 'POST',
      path: '/v1/shutdown',
      body: { stopInstances: true },
      signal: AbortSignal.any([signal, AbortSignal.timeout(STOP_INSTANCES_MS_MAX)]),
    });
  } catch (error) {
    const isGone = error instanceof OperationalError && error.failure.code === 'agent-unreachable';
    if (!isGone || signal.aborted) throw error;
    output.warn('The host process does not answer; instances that it started may still run.');
  }
}
