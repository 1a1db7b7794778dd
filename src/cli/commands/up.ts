import { startKeeper } from '../../platform/start-keeper.ts';
import type { KeeperStatus } from '../../platform/keeper-status.ts';
import { versionDifference } from '../check-server-version.ts';
import { stateDirectoryOf, type CliSession, type RegisterCommand } from '../cli-session.ts';
import { exitCode } from '../exit-code.ts';
import { jsonLine } from '../render/escape-text.ts';
import { tableLines } from '../render/table.ts';

/** Starts everything on this machine, or says that it runs already. */
export const registerUp: RegisterCommand = (program, perform) => {
  const command = program
    .command('up')
    .description('start Surefoot on this machine; does nothing when it runs');
  perform(command, async (session) => {
    const directory = stateDirectoryOf(session);
    const { mainPath } = session.environment;
    session.output.progress(`Starting Surefoot in ${directory.root} ...`);
    const started = startKeeper({
      directory,
      command: [process.execPath, mainPath, 'keeper', '--state-dir', directory.root],
    });
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
