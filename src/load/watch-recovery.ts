/** Back to the rate of the beginning: how long it takes until the target is as it was then. */
import { planArrivals, type ArrivalForm } from '../core/load/arrivals.ts';
import { brokenQuality, type LoadLimits } from '../core/load/load-limits.ts';
import { recoveredAfterMs, type RecoveryWindow } from '../core/load/recovery.ts';
import type { Generator } from './generator.ts';
import { judgedFigures, newRecord, type LoadRecord } from './load-record.ts';

export interface RecoveryWatch {
  readonly perSecond: number;
  readonly form: ArrivalForm;
  readonly seed: number;
  readonly limits: LoadLimits;
  /** By the generator's clock. */
  readonly loadEndedMs: number;
  readonly recoverWithinMs: number;
  readonly signal: AbortSignal;
}

const WINDOW_MS_MIN = 250;
/** Fewer tell nothing of a quantile. */
const WINDOW_REQUESTS = 20;

/** Since the end of the load; null when it did not recover in time. */
export async function watchRecovery(
  generator: Generator,
  watch: RecoveryWatch,
): Promise<number | null> {
  const { perSecond, form, seed, limits, loadEndedMs, recoverWithinMs, signal } = watch;
  const durationMs = Math.max(WINDOW_MS_MIN, (WINDOW_REQUESTS * 1_000) / perSecond);
  const windows: RecoveryWindow[] = [];
  const unsettled: LoadRecord[] = [];
  const recovered = (): number | null => {
    // In their order: requests that are due sooner end sooner, or are given up sooner.
    while (unsettled[0]?.open === 0) {
      windows.push(windowOf(unsettled[0], watch, durationMs));
      unsettled.shift();
    }
    return recoveredAfterMs(windows);
  };
  let startMs = generator.nowMs();
  while (startMs <= loadEndedMs + recoverWithinMs && !signal.aborted && recovered() === null) {
    const record = newRecord(startMs);
    const arrivals = planArrivals({ form, seed, ratePerSecond: perSecond, durationMs });
    await generator.offer({ arrivals, record, durationMs, signal });
    unsettled.push(record);
    startMs += durationMs;
  }
  // The last ones have as much time as those before.
  const untilMs = startMs + limits.latency.maxMs;
  for (const record of unsettled) await generator.settled(record, untilMs, signal);
  return signal.aborted ? null : recovered();
}

function windowOf(
  record: LoadRecord,
  { perSecond, limits, loadEndedMs }: RecoveryWatch,
  durationMs: number,
): RecoveryWindow {
  const { quantile } = limits.latency;
  const figures = judgedFigures(record, { perSecond, durationMs, quantile });
  const isGood = brokenQuality(limits, figures) === null;
  return { startMs: Math.round(record.startMs - loadEndedMs), isGood };
}
