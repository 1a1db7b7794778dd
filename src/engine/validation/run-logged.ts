/** Runs a check's tool: its words made whole, on its processors, what it prints masked and kept, its report in a file. */
import { OperationalError } from '../../core/operational-error.ts';
import type { Clock } from '../../platform/clock.ts';
import { findProgram } from '../../platform/find-program.ts';
import { runTool, type ToolEnd } from '../../platform/run-tool.ts';
import { openKeptLog } from './kept-log.ts';

export interface LoggedCall {
  readonly run: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What starts this very program, for the word `surefoot`. */
  readonly self: readonly string[];
  /** What to put before the command to keep it to its processors. */
  readonly keeper: readonly string[];
  readonly log: string;
  /** Where its report is to be; null of what makes none. */
  readonly report: string | null;
  /** Taken out of all that is kept or told. */
  readonly secretValues: readonly string[];
  readonly onLine: (line: string) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const REPORT = '{report}';

export async function runLogged(call: LoggedCall): Promise<ToolEnd> {
  const { directory, environment, clock, signal, report } = call;
  const [name = '', ...args] = call.run.map((word) => word.replaceAll(REPORT, report ?? ''));
  const program = name === 'surefoot' ? call.self : await programOf(name, directory, environment);
  if ('kind' in program) return program;
  const [first = '', ...others] = [...call.keeper, ...program, ...args];
  const writesItself = call.run.some((word) => word.includes(REPORT));
  const log = openKeptLog(call.log, call);
  try {
    return await runTool({
      ...{ program: first, args: others, directory, environment, clock, signal },
      outputFile: writesItself ? null : report,
      secretValues: call.secretValues,
      onLine: log.write,
    });
  } finally {
    await log.close();
  }
}

async function programOf(
  name: string,
  directory: string,
  environment: Readonly<Record<string, string>>,
): Promise<readonly string[] | Extract<ToolEnd, { readonly kind: 'not-started' }>> {
  try {
    return [await findProgram(name, directory, environment['PATH'] ?? '')];
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    return { kind: 'not-started', reason: error.message };
  }
}
