/**
 * Times in three significant digits and constant memory: the HDR histogram that Node brings along, in microseconds.
 */
import { createHistogram } from 'node:perf_hooks';

export interface LatencyHistogram {
  readonly count: () => number;
  readonly record: (ms: number) => void;
  /** In ms; null without any value. */
  readonly quantile: (name: string) => number | null;
  readonly min: () => number | null;
}

/** More than two hours, longer than any load. */
const HIGHEST_US = 2 ** 33;

export function newHistogram(): LatencyHistogram {
  const histogram = createHistogram({ lowest: 1, highest: HIGHEST_US, figures: 3 });
  // Without a value the library has numbers all the same.
  const found = (us: () => number): number | null => (histogram.count === 0 ? null : us() / 1_000);
  return {
    count: () => histogram.count,
    record: (ms) => histogram.record(Math.min(Math.max(Math.round(ms * 1_000), 1), HIGHEST_US)),
    quantile: (name) => found(() => histogram.percentile(percentOf(name))),
    min: () => found(() => histogram.min),
  };
}

/** `p99.9` → 99.9, `max` → 100 */
function percentOf(name: string): number {
  return name === 'max' ? 100 : Number(name.slice(1));
}
