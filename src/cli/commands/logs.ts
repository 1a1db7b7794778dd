import type { LogLine } from '../../drivers/contract.ts';
import { chooseScope, type ScopeOptions } from '../choose-scope.ts';
import { apiOf, type CliSession, type RegisterCommand } from '../cli-session.ts';
import type { LogsQuery } from '../api-client.ts';
import { exitCode } from '../exit-code.ts';
import { escapeText, jsonLine } from '../render/escape-text.ts';
import { deploymentId } from '../deployment-id.ts';
import { numberOption } from '../number-option.ts';

interface LogsOptions extends ScopeOptions {
  readonly deployment?: string;
  readonly tail: string;
  readonly follow?: true;
}

const TAIL_MAX = 10_000;

/** Prints what instances wrote. */
export const registerLogs: RegisterCommand = (program, perform) => {
  const command = program
    .command('logs')
    .description('print what the instances of a release wrote')
    .option('--deployment <id>', 'of the release that this deployment brought')
    .option('--service <name>', 'needed when there are several')
    .option('--environment <name>', 'needed when there are several')
    .option('--tail <count>', 'so many lines', '100')
    .option('-f, --follow', 'go on until Ctrl-C');
  perform<LogsOptions>(command, async (session, options) => {
    const tail = numberOption('--tail', options.tail, 0, TAIL_MAX);
    const follow = options.follow === true;
    const query = { ...(await poolQuery(session, options)), tail, follow };
    const { flags, output } = session;
    for await (const line of apiOf(session).logs(query)) {
      output.result(flags.json ? jsonLine(line) : logText(line, flags.verbose === true));
    }
    return exitCode.done;
  });
};

async function poolQuery(
  session: CliSession,
  options: LogsOptions,
): Promise<Pick<LogsQuery, 'deployment' | 'service' | 'environment'>> {
  if (options.deployment !== undefined) {
    const { service } = options;
    return {
      deployment: deploymentId(options.deployment),
      ...(service !== undefined && { service }),
    };
  }
  const { service, environment } = chooseScope(await apiOf(session).status(), options);
  return { service, environment };
}

function logText({ at, instance, stream, text }: LogLine, isVerbose: boolean): string {
  const time = isVerbose ? `${at} ${stream} ` : '';
  return escapeText(`${time}${instance}: ${text}`);
}
