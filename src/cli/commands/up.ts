import { keeperStatus, type KeeperStatus } from '../../platform/keeper-status.ts';
import { releaseKeeper } from '../../platform/release-keeper.ts';
import { isServerName, SERVERS_MAX } from '../../platform/server-names.ts';
import { startKeeper, type StartedKeeper } from '../../platform/start-keeper.ts';
import type { StateDirectory } from '../../platform/state-directory.ts';
import { versionDifference } from '../check-server-version.ts';
import { stateDirectoryOf, type CliSession, type RegisterCommand } from '../cli-session.ts';
import { exitCode } from '../exit-code.ts';
import { numberOption } from '../number-option.ts';
import { jsonLine } from '../render/escape-text.ts';
import { tableLines } from '../render/table.ts';

interface UpOptions {
  readonly servers?: string;
}

/** Starts everything on this machine, or says that it runs already. */
export const registerUp: RegisterCommand = (program, perform) => {
  const command = program
    .command('up')
    .description('start Surefoot on this machine; does nothing when it runs')
    .option(
      '--servers <number>',
      'keep so many servers, of which one drives and the others stand by; also while Surefoot runs',
    );
  perform<UpOptions>(command, async (session, options) => {
    const servers =
      options.servers === undefined
        ? null
        : numberOption('--servers', options.servers, 1, SERVERS_MAX);
    const directory = stateDirectoryOf(session);
    session.output.progress(`Starting Surefoot in ${directory.root} ...`);
    const started = start(session, directory, servers);
    const result = await Promise.race([started, interruptionOf(session.signal)]);
    if (result === null) {
      // Nobody waits for it any more; how it ends is in the keeper's log.
      started.catch(() => undefined);
      session.output.warn('What was begun goes on. To stop it: surefoot down');
      return exitCode.interrupted;
    }
    show(session, result.status, result.adopted);
    return exitCode.done;
  });
};

async function start(
  { environment }: CliSession,
  directory: StateDirectory,
  servers: number | null,
): Promise<StartedKeeper> {
  const status = servers === null ? null : await keeperStatus(directory);
  // A keeper keeps what it was started for; the next one adopts what is left.
  if (status && serversIn(status) !== servers) await releaseKeeper(directory);
  const { adopted, ...started } = await startKeeper({
    directory,
    command: [
      ...[process.execPath, environment.mainPath, 'keeper', '--state-dir', directory.root],
      ...(servers === null ? [] : [String(servers)]),
    ] as [string, ...string[]],
  });
  return { ...started, adopted: adopted || status !== null };
}

function serversIn({ roles }: KeeperStatus): number {
  return roles.filter(({ name }) => isServerName(name)).length;
}

function interruptionOf(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}

function show({ flags, output }: CliSession, status: KeeperStatus, isAdopted: boolean): void {
  const difference = versionDifference(status);
  if (difference !== null) output.warn(output.progressPaint.warn(`warning: ${difference}`));
  if (flags.json) {
    output.result(jsonLine({ adopted: isAdopted, ...status }));
    return;
  }
  const { postgres } = status;
  const rows = [
    ['keeper', String(status.pid), ''],
    ...(postgres ? [['postgres', pidText(postgres.pid), restartsText(postgres.restarts)]] : []),
    ...status.roles.map((role) => [role.name, pidText(role.pid), restartsText(role.restarts)]),
  ];
  const header = ['PROCESS', 'PID', 'RESTARTS'];
  output.result(
    isAdopted ? 'Surefoot runs already.' : 'Surefoot runs.',
    ...tableLines({ header, rows, columns: output.columns }),
  );
}

function pidText(pid: number | null): string {
  return pid === null ? '-' : String(pid);
}

function restartsText(restarts: number): string {
  return restarts === 0 ? '' : String(restarts);
}
