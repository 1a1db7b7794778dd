/**
 * What the stable release's response times were lately, so that thresholds follow it through the day.
 * A few marks on the running total say where "lately" begins, so that its size does not depend on how
 * long the deployment takes.
 */
import type { SparseHistogram } from '../model/histogram.ts';
import {
  addSparse,
  emptyHistogram,
  subtractDense,
  type DenseHistogram,
} from '../model/dense-histogram.ts';

export interface StableWindow {
  /** Of all ticks. */
  readonly total: DenseHistogram;
  /** The total before each of the last slots of time. */
  readonly marks: readonly { readonly slot: number; readonly before: DenseHistogram }[];
}

export const emptyWindow: StableWindow = { total: emptyHistogram, marks: [] };

const SLOT_MS = 300_000;
/** With the one that is being filled, at least 30 minutes. */
const SLOTS_MAX = 7;

/** The window behind the tick; the histogram must be sorted by bucket. */
export function extendWindow(
  { total, marks }: StableWindow,
  histogram: SparseHistogram,
  { tick, tickMs }: { readonly tick: number; readonly tickMs: number },
): StableWindow {
  const slot = Math.floor((tick * tickMs) / SLOT_MS);
  const isNew = marks.at(-1)?.slot !== slot;
  return {
    total: addSparse(total, histogram),
    marks: isNew
      ? [...marks.filter((mark) => mark.slot > slot - SLOTS_MAX), { slot, before: total }]
      : marks,
  };
}

export function latelyOf({ total, marks }: StableWindow): DenseHistogram {
  const [oldest] = marks;
  return oldest === undefined ? total : subtractDense(total, oldest.before);
}
