import type { RegisterCommand, CliSession } from '../cli-session.ts';
import { LOAD_FORMAT, type LoadReport } from '../../core/load/load-report.ts';
import { showDuration } from '../../core/words/show-duration.ts';
import { showNumber } from '../../core/words/show-number.ts';
import { packageVersion } from '../../platform/package-version.ts';
import { exitCode } from '../exit-code.ts';
import {
  chooseTarget,
  durationUpTo,
  RATE_MAX,
  withTargetOptions,
  type LoadTargetOptions,
} from '../load-target-options.ts';
import { numberOption } from '../number-option.ts';
import { jsonLine } from '../render/escape-text.ts';
import { loadLines } from '../render/load-lines.ts';

interface LoadOptions extends LoadTargetOptions {
  readonly rate: string;
  readonly duration: string;
  readonly warmUp?: string;
}

const DURATION_MS_MAX = 3_600_000;

/** Needs no server and no configuration: this process is the generator. */
export const registerLoad: RegisterCommand = (program, perform) => {
  const command = program
    .command('load')
    .description('send requests at a constant rate and report what became of them')
    .argument('<url>', 'what to ask for')
    .option('--rate <count>', 'requests a second', '1000')
    .option('--duration <duration>', 'for how long', '60s')
    .option('--warm-up <duration>', 'before that, at the same rate; counted nowhere');
  perform<LoadOptions>(withTargetOptions(command), async (session, options, [address = '']) => {
    const { environment, output, signal, flags } = session;
    const { clock } = environment;
    const ratePerSecond = numberOption('--rate', options.rate, 1, RATE_MAX);
    const durationMs = durationUpTo('--duration', options.duration, DURATION_MS_MAX);
    const warmUpMs =
      options.warmUp === undefined ? 0 : durationUpTo('--warm-up', options.warmUp, DURATION_MS_MAX);
    const { target, form, seed, asked } = await chooseTarget(session, address, options);
    output.progress(
      `Sending ${showNumber(ratePerSecond)} requests a second for ${showDuration(warmUpMs + durationMs)}.`,
    );
    const startedAt = new Date(clock.wallMs()).toISOString();
    const plan = { form, seed, ratePerSecond, durationMs };
    // Its client is large, and most commands send nothing.
    const { runLoad } = await import('../../load/run-load.ts');
    const { figures, isComplete } = await runLoad({ target, plan, warmUpMs, clock, signal });
    const report: LoadReport = {
      format: LOAD_FORMAT,
      tool: { name: 'surefoot', version: packageVersion() },
      ...{ startedAt, isComplete, asked: { ...asked, ratePerSecond, durationMs, warmUpMs } },
      ...figures,
    };
    if (flags.json) output.result(jsonLine(report));
    else output.result(...loadLines(report, output));
    return exitCodeOf(session, report);
  });
};

/** Whether it is enough is for a check to judge; no good answer at all is for nobody. */
function exitCodeOf({ signal }: CliSession, { requests, failed }: LoadReport): number {
  if (signal.aborted) return exitCode.interrupted;
  return requests > failed ? exitCode.done : exitCode.reverted;
}
