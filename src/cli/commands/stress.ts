import type { RegisterCommand } from '../cli-session.ts';
import type { LoadLimits } from '../../core/load/load-limits.ts';
import { reportedQuantiles } from '../../core/load/reported-figures.ts';
import { STRESS_FORMAT, type StressReport } from '../../core/load/stress-report.ts';
import type { StressRange } from '../../core/load/stress-steps.ts';
import { parseDuration } from '../../core/model/duration.ts';
import { shareSchema } from '../../core/validation/asked/share-schema.ts';
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
import { jsonLine, quoted } from '../render/escape-text.ts';
import { stepLine, stressLines } from '../render/stress-lines.ts';
import { usageError } from '../usage-error.ts';

interface StressOptions extends LoadTargetOptions {
  readonly from: string;
  readonly step: string;
  readonly to: string;
  readonly stepDuration: string;
  readonly latency: string;
  readonly errorRate: string;
  readonly recoverWithin: string;
}

const STEP_MS_MAX = 600_000;
const RECOVERY_MS_MAX = 3_600_000;
const STEPS_MAX = 1_000;

/** Needs no server and no configuration: this process is the generator. */
export const registerStress: RegisterCommand = (program, perform) => {
  const command = program
    .command('stress')
    .description('raise the rate of requests until the target gives in, and see it recover')
    .argument('<url>', 'what to ask for')
    .option('--from <count>', 'requests a second of the first step', '200')
    .option('--step <count>', 'how many more in each', '200')
    .option('--to <count>', 'requests a second of the last step', '5000')
    .option('--step-duration <duration>', 'how long each takes', '5s')
    .option('--latency <limit>', 'what a step must keep, as quantile:duration', 'p95:200ms')
    .option('--error-rate <share>', 'which share of its requests may fail', '1%')
    .option('--recover-within <duration>', 'how long to watch it afterwards', '10s');
  perform<StressOptions>(withTargetOptions(command), async (session, options, [address = '']) => {
    const { environment, output, signal, flags } = session;
    const { clock } = environment;
    const range = rangeOption(options);
    const limits = limitsOption(options);
    const stepDurationMs = durationUpTo('--step-duration', options.stepDuration, STEP_MS_MAX);
    const recoverWithinMs = durationUpTo(
      '--recover-within',
      ...([options.recoverWithin, RECOVERY_MS_MAX] as const),
    );
    const { target, form, seed, asked } = await chooseTarget(session, address, options);
    const startedAt = new Date(clock.wallMs()).toISOString();
    // Its client is large, and most commands send nothing.
    const { runStress } = await import('../../load/run-stress.ts');
    const { steps, recoveryMs, isComplete, ...knee } = await runStress({
      ...{ target, range, form, seed, stepDurationMs, limits, recoverWithinMs, clock, signal },
      onStep: (step) => output.progress(stepLine(step, output)),
    });
    const { latency, errorRateMax } = limits;
    const report: StressReport = {
      format: STRESS_FORMAT,
      tool: { name: 'surefoot', version: packageVersion() },
      ...{ startedAt, isComplete },
      asked: { ...asked, ...range, stepDurationMs, latency, errorRateMax, recoverWithinMs },
      ...{ steps: [...steps], ...knee, recoveryMs },
    };
    if (flags.json) output.result(jsonLine(report));
    else output.result(...stressLines(report, output));
    if (signal.aborted) return exitCode.interrupted;
    return knee.capacityPerSecond > 0 ? exitCode.done : exitCode.reverted;
  });
};

function rangeOption(options: StressOptions): StressRange {
  const from = numberOption('--from', options.from, 1, RATE_MAX);
  const step = numberOption('--step', options.step, 1, RATE_MAX);
  const to = numberOption('--to', options.to, 1, RATE_MAX);
  if (to < from) throw usageError(`--to ${to} is less than --from ${from}.`);
  if ((to - from) / step > STEPS_MAX) {
    throw usageError(`From ${from} to ${to} by ${step} are more than ${STEPS_MAX} steps.`);
  }
  return { from, step, to };
}

function limitsOption({ latency, errorRate }: StressOptions): LoadLimits {
  const [name, duration = ''] = latency.split(':', 2);
  const quantile = reportedQuantiles.find((each) => each === name);
  const maxMs = parseDuration(duration);
  if (quantile === undefined || maxMs === null) {
    const names = reportedQuantiles.join(', ');
    throw usageError(
      `--latency ${quoted(latency)} is no limit; write it like p95:200ms, with one of ${names}.`,
    );
  }
  const share = shareSchema.safeParse(errorRate);
  if (!share.success) {
    throw usageError(`--error-rate ${quoted(errorRate)} is no percentage; write it like 1%.`);
  }
  return { latency: { quantile, maxMs }, errorRateMax: share.data };
}
