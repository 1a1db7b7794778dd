/** What a pool's requests have waited so far, by what was counted of them: the beginning of what is usual. */
import { countOf, partAbove, upperBoundOf } from '../model/histogram.ts';
import type { TrafficSample } from '../model/traffic-sample.ts';
import type { Waits } from './hang-evidence.ts';
import { isLeftInVain } from './left-in-vain.ts';

interface Counted extends Pick<TrafficSample, 'requests' | 'timeouts'> {
  readonly latency: Counts;
  readonly abandonedWaits: Counts;
}

/** In any order. */
type Counts = Iterable<readonly [bucket: number, count: number]>;

/** `late` have waited for more than the limit, or their clients left in vain; who left sooner is in neither. */
export function countedWaits(counted: Iterable<Counted>, limitUs: number): Waits {
  let [sent, late] = [0, 0];
  for (const { requests, timeouts, latency, abandonedWaits } of counted) {
    const left = countOf(
      [...abandonedWaits].filter(([bucket]) => isLeftInVain(upperBoundOf(bucket), limitUs)),
    );
    sent += requests + left;
    late += timeouts + left + countOf(partAbove([...latency], limitUs));
  }
  return { sent, late };
}
