/** The command line as a function: arguments in, exit code out. Nothing below ends the process. */
import { Command } from 'commander';
import { packageVersion } from '../platform/package-version.ts';
import type { CliEnvironment } from './cli-environment.ts';
import { createOutput, watchForClosedPipes } from './cli-output.ts';
import type { CliSession, GlobalFlags, Perform, RegisterCommand } from './cli-session.ts';
import { builtInCommands } from './built-in-commands.ts';
import { exitCode } from './exit-code.ts';
import { escapeLines } from './render/escape-text.ts';
import { reportError } from './report-error.ts';

export async function runCli(
  argv: readonly string[],
  environment: CliEnvironment,
  extraCommands: readonly RegisterCommand[] = [],
): Promise<number> {
  const interruption = new AbortController();
  const stopListening = [
    environment.onInterrupt(() => interruption.abort()),
    watchForClosedPipes(environment, () => interruption.abort()),
  ];
  const program = createProgram(environment);
  const output = createOutput(environment, () => program.opts<GlobalFlags>().quiet === true);
  const session = (): CliSession => ({
    environment,
    flags: program.opts<GlobalFlags>(),
    output,
    signal: interruption.signal,
  });
  let code: number = exitCode.done;
  const perform: Perform = (command, handler) => {
    command.action(async () => {
      code = await handler(session(), command.opts(), command.args);
    });
  };
  for (const register of [...builtInCommands, ...extraCommands]) register(program, perform);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return reportError(session(), error);
  } finally {
    for (const stop of stopListening) stop();
  }
}

function createProgram({ stdout, stderr, env }: CliEnvironment): Command {
  return new Command('surefoot')
    .description('Never put weight on ground you have not tested.')
    .version(packageVersion(), '-V, --version')
    .option('--config <file>', 'configuration file (default: ./surefoot.yaml)')
    .option(
      '--state-dir <folder>',
      'state directory (default: $SUREFOOT_STATE_DIR, or .surefoot beside the configuration)',
    )
    .option('--server <name>', 'ask this server only: server, server-2 ... (default: any)')
    .option('--json', 'print data as JSON; running deployments as one event a line')
    .option('-q, --quiet', 'print results only')
    .option('-v, --verbose', 'print times and sequence numbers of events')
    .showHelpAfterError('See: surefoot help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      // Holds what was typed: it may be long and hold anything.
      outputError: (text, write) =>
        write(`${escapeLines(text.slice(0, ERROR_LENGTH_MAX)).join('\n')}\n`),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      getOutHelpWidth: () => helpWidth(stdout.columns, env),
      getErrHelpWidth: () => helpWidth(stderr.columns, env),
    });
}

const ERROR_LENGTH_MAX = 500;
const HELP_COLUMNS = 100;

function helpWidth(columns: number | undefined, env: CliEnvironment['env']): number {
  const named = Number(env['COLUMNS']);
  return Math.min(columns ?? (named > 0 ? named : HELP_COLUMNS), HELP_COLUMNS);
}
