/**
 * What the stable release's response times were lately, so that thresholds follow it through the day.
 * Kept in a few slots, so that its size does not depend on how long the deployment takes.
 */
import { addHistograms, type SparseHistogram } from '../model/histogram.ts';

export interface StableWindow {
  readonly slots: readonly { readonly number: number; readonly histogram: SparseHistogram }[];
  /** Of all slots. */
  readonly sum: SparseHistogram;
}

export const emptyWindow: StableWindow = { slots: [], sum: [] };

const SLOT_MS = 300_000;
/** With the one that is being filled, at least 30 minutes. */
const SLOTS_MAX = 7;

/** The window behind the tick; the histogram must be sorted by bucket. */
export function extendWindow(
  { slots, sum }: StableWindow,
  histogram: SparseHistogram,
  { tick, tickMs }: { readonly tick: number; readonly tickMs: number },
): StableWindow {
  const number = Math.floor((tick * tickMs) / SLOT_MS);
  const last = slots.at(-1);
  if (last?.number === number) {
    const filled = { number, histogram: addHistograms(last.histogram, histogram) };
    return { slots: [...slots.slice(0, -1), filled], sum: addHistograms(sum, histogram) };
  }
  const kept = slots.filter((slot) => slot.number > number - SLOTS_MAX);
  const next = [...kept, { number, histogram }];
  if (kept.length === slots.length) return { slots: next, sum: addHistograms(sum, histogram) };
  const empty: SparseHistogram = [];
  return {
    slots: next,
    sum: next.reduce((all, slot) => addHistograms(all, slot.histogram), empty),
  };
}
