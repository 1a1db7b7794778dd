/** Runs a check's tool: its words made whole, on its processors, what it prints masked and kept, its report in a file. */
import { lstat } from 'node:fs/promises';
import { OperationalError } from '../../core/operational-error.ts';
import type { Clock, Deadline } from '../../platform/clock.ts';
import { findProgram } from '../../platform/find-program.ts';
import { runTool, type ToolEnd } from '../../platform/run-tool.ts';
import { REPORT_BYTES_MAX } from './raw-report.ts';
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
  const watch = watchSize(report, { clock, signal });
  try {
    return await runTool({
      ...{ program: first, args: others, directory, environment, clock },
      signal: watch.signal,
      outputFile: writesItself ? null : report,
      secretValues: call.secretValues,
      onLine: log.write,
    });
  } finally {
    watch.end();
    await log.close();
  }
}

const LOOK_EVERY_MS = 1_000;

/** A report without end is ended before it has filled the disk. */
function watchSize(
  report: string | null,
  { clock, signal }: Pick<LoggedCall, 'clock' | 'signal'>,
): { readonly signal: AbortSignal; readonly end: () => void } {
  const tooLarge = new AbortController();
  let isOver = report === null;
  let next: Deadline | null = null;
  const look = async (): Promise<void> => {
    const found = report === null ? null : await lstat(report).catch(() => null);
    if (found && found.size > REPORT_BYTES_MAX) tooLarge.abort(new Error('It is too large.'));
    else if (!isOver) lookLater();
  };
  const lookLater = (): void => {
    next = clock.deadline(LOOK_EVERY_MS);
    next.signal.addEventListener('abort', () => void look());
  };
  if (!isOver) lookLater();
  const end = (): void => {
    isOver = true;
    next?.release();
  };
  return { signal: AbortSignal.any([signal, tooLarge.signal]), end };
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
