/**
 * A judge as Kayenta is: figures of each minute of candidate and an equally large baseline, compared by
 * Mann-Whitney at a confidence of 0.98, with a tolerance of a quarter of the difference; every metric
 * is critical.
 */
import { byPeriod, type PeriodFigures } from './by-period.ts';
import type { Judge } from './judge.ts';

/** Standard normal quantile of 0.99: two-sided at 0.98. */
const Z = 2.326_347_874;
const TOLERANCE = 0.25;
const metrics = ['errorRate', 'p50Ms', 'p99Ms'] as const;

export function kayentaJudge(options: {
  readonly name: string;
  readonly looksEveryS: number;
  readonly tickS: number;
}): Judge {
  const { name, looksEveryS, tickS } = options;
  let minutes: { readonly candidate: PeriodFigures; readonly baseline: PeriodFigures }[] = [];
  return byPeriod(name, { periodS: 60, tickS }, ({ candidate, baseline }) => {
    minutes.push({ candidate, baseline });
    if (minutes.length * 60 < looksEveryS) return false;
    const looked = minutes;
    minutes = [];
    return metrics.some((metric) =>
      isHigh(
        looked.flatMap((minute) => minute.candidate[metric] ?? []),
        looked.flatMap((minute) => minute.baseline[metric] ?? []),
      ),
    );
  });
}

/** Whether the location shift is above the tolerance with confidence; Hodges-Lehmann and its interval. */
export function isHigh(candidate: readonly number[], baseline: readonly number[]): boolean {
  const [n, m] = [candidate.length, baseline.length];
  if (n === 0 || m === 0) return false;
  const shifts = candidate.flatMap((one) => baseline.map((other) => one - other));
  const sorted = shifts.toSorted((left, right) => left - right);
  const skipped = Math.floor((n * m) / 2 - Z * Math.sqrt((n * m * (n + m + 1)) / 12));
  const lowest = sorted[Math.max(0, skipped)] ?? 0;
  const estimate = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return lowest > TOLERANCE * Math.abs(estimate);
}
