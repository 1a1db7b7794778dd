/** What watches kept as older versions recorded it, read as that of today. The record stays as it is. */
import type { TrafficTotals } from '../core/gates/candidate-traffic.ts';
import type { WatchedSeconds } from '../core/gates/watch-seconds.ts';
import { addSparse, emptyHistogram, type DenseHistogram } from '../core/model/dense-histogram.ts';
import type { SparseHistogram } from '../core/model/histogram.ts';

/** Its waits were pairs of bucket and count. */
export type WatchOfPairs = Omit<WatchedSeconds, 'candidate'> & {
  readonly candidate: Omit<WatchedSeconds['candidate'], 'settled'> & {
    readonly settled: Omit<TrafficTotals, 'latency' | 'abandonedWaits'> &
      Readonly<Record<'latency' | 'abandonedWaits', SparseHistogram>>;
  };
};

/** Each of them, by what it is a watch of. */
export function watchesAsRecorded<Key extends string>(
  recorded: Readonly<Partial<Record<Key, WatchedSeconds | WatchOfPairs>>>,
): Readonly<Partial<Record<Key, WatchedSeconds>>> {
  const entries = Object.entries<WatchedSeconds | WatchOfPairs | undefined>(recorded);
  const read = entries.flatMap(([key, watched]) =>
    watched ? [[key, watchAsRecorded(watched)]] : [],
  );
  return Object.fromEntries(read) as Partial<Record<Key, WatchedSeconds>>;
}

export function watchAsRecorded(recorded: WatchedSeconds | WatchOfPairs): WatchedSeconds {
  const { candidate } = recorded;
  const { settled } = candidate;
  const latency = denseOf(settled.latency);
  const abandonedWaits = denseOf(settled.abandonedWaits);
  return {
    ...recorded,
    candidate: { ...candidate, settled: { ...settled, latency, abandonedWaits } },
  };
}

function denseOf(recorded: DenseHistogram | SparseHistogram): DenseHistogram {
  return 'counts' in recorded ? recorded : addSparse(emptyHistogram, recorded);
}
