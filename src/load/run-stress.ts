/** The load raised step by step until the target gives in, and what became of it afterwards. */
import { planArrivals, type ArrivalForm } from '../core/load/arrivals.ts';
import { kneeOf, type Knee } from '../core/load/knee.ts';
import { brokenLimit, type LoadLimits } from '../core/load/load-limits.ts';
import type { LoadFigures } from '../core/load/reported-figures.ts';
import { stressRates, type StressRange } from '../core/load/stress-steps.ts';
import type { Clock } from '../platform/clock.ts';
import { startGenerator, type Generator } from './generator.ts';
import { figuresOf, judgedFigures, newRecord, type LoadRecord } from './load-record.ts';
import type { LoadTarget } from './load-target.ts';
import { watchOwnUse, type OwnUse } from './own-use.ts';
import { watchRecovery } from './watch-recovery.ts';

export interface StressRun {
  readonly target: LoadTarget;
  readonly range: StressRange;
  readonly form: ArrivalForm;
  readonly seed: number;
  readonly stepDurationMs: number;
  readonly limits: LoadLimits;
  readonly recoverWithinMs: number;
  readonly clock: Clock;
  /** Cuts it off. */
  readonly signal: AbortSignal;
  readonly onStep: (step: StressStepResult) => void;
}

export interface StressStepResult extends LoadFigures {
  readonly askedPerSecond: number;
  readonly broken: string | null;
}

export interface StressOutcome extends Knee {
  readonly steps: readonly StressStepResult[];
  readonly recoveryMs: number | null;
  /** False of one that was cut off. */
  readonly isComplete: boolean;
}

/** One that was not borne may have requests that end later. */
interface OfferedStep {
  readonly perSecond: number;
  readonly record: LoadRecord;
  readonly own: OwnUse;
  /** By what was known when it had to be judged. */
  readonly broken: string | null;
}

export async function runStress(run: StressRun): Promise<StressOutcome> {
  const generator = startGenerator(run.target, run.clock);
  try {
    const { borne, last } = await offerSteps(run, generator);
    const recoveryMs = last && (await recovery(run, generator, last));
    const isBroken = last !== null && last.broken !== null;
    const steps = isBroken ? [...borne, await ended(run, generator, last)] : borne;
    const knee = kneeOf(
      steps.map(({ askedPerSecond, broken, generator: state }) => ({
        ...{ ratePerSecond: askedPerSecond, broken, generator: state },
      })),
    );
    return { ...knee, steps, recoveryMs, isComplete: !run.signal.aborted };
  } finally {
    await generator.close();
  }
}

/** Up to the first that is not borne, which is the last then. */
async function offerSteps(
  run: StressRun,
  generator: Generator,
): Promise<{ readonly borne: readonly StressStepResult[]; readonly last: OfferedStep | null }> {
  const borne: StressStepResult[] = [];
  const isCutOff = (): boolean => run.signal.aborted;
  let last: OfferedStep | null = null;
  for (const perSecond of stressRates(run.range)) {
    const step = await offerStep(run, generator, perSecond);
    if (isCutOff()) break;
    last = step;
    const result = resultOf(run, generator, step);
    run.onStep(result);
    if (step.broken !== null) break;
    borne.push(result);
  }
  return { borne, last };
}

/** What it left open still counts for it. */
async function ended(
  run: StressRun,
  generator: Generator,
  step: OfferedStep,
): Promise<StressStepResult> {
  await generator.settled(step.record, Infinity, run.signal);
  return resultOf(run, generator, step);
}

async function offerStep(
  { form, seed, stepDurationMs: durationMs, signal, ...run }: StressRun,
  generator: Generator,
  perSecond: number,
): Promise<OfferedStep> {
  const arrivals = planArrivals({ form, seed, ratePerSecond: perSecond, durationMs });
  const record = newRecord(generator.nowMs());
  const ownUse = watchOwnUse();
  await generator.offer({ arrivals, record, durationMs, signal });
  const own = ownUse();
  const { quantile, maxMs } = run.limits.latency;
  const judge = (): string | null =>
    brokenLimit(run.limits, judgedFigures(record, { perSecond, durationMs, quantile }));
  // Who answers within the limit has done so by then; whoever cannot is left alone as soon as that is known.
  const isSettled = await generator.settled(record, record.startMs + durationMs + maxMs, signal);
  const broken = judge();
  if (isSettled || broken !== null) return { perSecond, record, own, broken };
  await generator.settled(record, Infinity, signal);
  return { perSecond, record, own, broken: judge() };
}

async function recovery(
  { range, form, seed, limits, recoverWithinMs, stepDurationMs, signal }: StressRun,
  generator: Generator,
  { record }: OfferedStep,
): Promise<number | null> {
  const loadEndedMs = record.startMs + stepDurationMs;
  return watchRecovery(generator, {
    ...{ perSecond: range.from, form, seed, limits, loadEndedMs, recoverWithinMs, signal },
  });
}

function resultOf(
  { target, stepDurationMs }: StressRun,
  generator: Generator,
  { perSecond, record, own, broken }: OfferedStep,
): StressStepResult {
  const connections = { max: target.connectionsMax, opened: generator.connections() };
  const figures = figuresOf(record, stepDurationMs, own, connections);
  return { askedPerSecond: perSecond, broken, ...figures };
}
