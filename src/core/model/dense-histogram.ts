/**
 * Counts of neighbouring buckets of a histogram, one number each: what the verdict and the gate keep and
 * add up at every tick, without making anything anew for each bucket.
 */
import type { SparseHistogram } from './histogram.ts';

export interface DenseHistogram {
  /** The bucket of the first count; 0 without counts. */
  readonly first: number;
  readonly counts: readonly number[];
}

export const emptyHistogram: DenseHistogram = { first: 0, counts: [] };

/** `added` in any order. */
export function addSparse(to: DenseHistogram, added: SparseHistogram): DenseHistogram {
  if (added.length === 0) return to;
  let [lowest, highest] = [Infinity, -Infinity];
  for (const entry of added) {
    lowest = Math.min(lowest, entry[0]);
    highest = Math.max(highest, entry[0]);
  }
  const { first, counts } = spanning(to, lowest, highest);
  for (const entry of added) {
    const at = entry[0] - first;
    counts[at] = entry[1] + (counts[at] ?? 0);
  }
  return { first, counts };
}

/** Sorted by bucket. */
export function sparseOfDense({ first, counts }: DenseHistogram): SparseHistogram {
  return counts.flatMap((count, at) => (count === 0 ? [] : [[first + at, count] as const]));
}

/** What has come since `before`, which lies within the buckets of `total`. */
export function subtractDense(total: DenseHistogram, before: DenseHistogram): DenseHistogram {
  if (before.counts.length === 0) return total;
  const shift = before.first - total.first;
  const counts = total.counts.slice();
  for (let at = 0; at < before.counts.length; at += 1) {
    counts[at + shift] = (counts[at + shift] ?? 0) - (before.counts[at] ?? 0);
  }
  return { first: total.first, counts };
}

/** A copy that has the buckets, too. */
function spanning(
  { first, counts }: DenseHistogram,
  lowest: number,
  highest: number,
): { readonly first: number; readonly counts: number[] } {
  const last = first + counts.length - 1;
  if (counts.length > 0 && first <= lowest && highest <= last) {
    return { first, counts: counts.slice() };
  }
  const start = counts.length === 0 ? lowest : Math.min(first, lowest);
  const end = counts.length === 0 ? highest : Math.max(last, highest);
  const wider = new Array<number>(end - start + 1).fill(0);
  for (let at = 0; at < counts.length; at += 1) wider[first - start + at] = counts[at] ?? 0;
  return { first: start, counts: wider };
}

export function countOfDense({ counts }: DenseHistogram): number {
  let total = 0;
  // By place: an iterator or a callback over numbers of mixed kinds is several times as slow, and this is asked at each look.
  for (let at = counts.length - 1; at >= 0; at -= 1) total += counts[at] ?? 0;
  return total;
}

/**
 * For each quantile (0 to 1, rising) the bucket in which it lies, by nearest rank; null without values.
 */
export function quantileBuckets(
  { first, counts }: DenseHistogram,
  quantiles: readonly number[],
): readonly number[] | null {
  const total = countOfDense({ first, counts });
  if (total === 0) return null;
  const buckets: number[] = [];
  let at = 0;
  let seen = counts[0] ?? 0;
  for (const quantile of quantiles) {
    const rank = Math.max(1, Math.ceil(quantile * total));
    while (seen < rank && at < counts.length) {
      at += 1;
      seen += counts[at] ?? 0;
    }
    buckets.push(first + at);
  }
  return buckets;
}
