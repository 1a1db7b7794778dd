/**
 * Smooth weighted round robin: over any hundred choices every slot gets exactly its share, spread
 * out instead of in runs. Chance would need many more requests to show the same split.
 */
export interface Slot {
  readonly weight: number;
  /** Credit; belongs to `chooseSlot`. */
  credit: number;
}

/** The next slot, or null when none has weight. */
export function chooseSlot<Chosen extends Slot>(slots: readonly Chosen[]): Chosen | null {
  let total = 0;
  let best: Chosen | null = null;
  for (const slot of slots) {
    if (slot.weight === 0) continue;
    total += slot.weight;
    slot.credit += slot.weight;
    if (best === null || slot.credit > best.credit) best = slot;
  }
  if (best !== null) best.credit -= total;
  return best;
}
