/** How long a request of a route may wait for a candidate before the stable pool is asked for it as well. */
import { countOf, quantileOf, type SparseHistogram } from '../model/histogram.ts';

/** Fewer answers say too little about what is usual. */
export const HEDGE_SAMPLES_MIN = 100;
const P99_TIMES = 1.5;
/** Where all answers are quick, a longer wait is no lateness yet. */
const ABOVE_MEDIAN_US = 60_000;

/** By the stable pool's own times to the head, in microseconds; null while it has answered too few. */
export function hedgeDeadlineUs(latency: SparseHistogram): number | null {
  if (countOf(latency) < HEDGE_SAMPLES_MIN) return null;
  const [median, p99] = [quantileOf(latency, 0.5), quantileOf(latency, 0.99)];
  if (median === null || p99 === null) return null;
  return Math.max(P99_TIMES * p99, median + ABOVE_MEDIAN_US);
}
