/** What a pool's requests have waited so far, by what was counted of them: the beginning of what is usual. */
import { countOf, partAbove } from '../model/histogram.ts';
import type { TrafficSample } from '../model/traffic-sample.ts';
import type { Waits } from './hang-evidence.ts';

interface Counted extends Pick<TrafficSample, 'requests' | 'abandoned' | 'timeouts'> {
  readonly latency: Counts;
  readonly abandonedWaits: Counts;
}

/** In any order. */
type Counts = Iterable<readonly [bucket: number, count: number]>;

/** `late` have waited for more than the limit; who left before says nothing of it. */
export function countedWaits(counted: Iterable<Counted>, limitUs: number): Waits {
  let [sent, late] = [0, 0];
  for (const { requests, abandoned, timeouts, latency, abandonedWaits } of counted) {
    sent += requests + abandoned;
    late += timeouts + countOf(partAbove([...latency, ...abandonedWaits], limitUs));
  }
  return { sent, late };
}
