/** What requests are given to, by weight. */
export interface Slot {
  readonly weight: number;
}

/**
 * The slot at a point between 0 and 100, which is drawn for each request, or for a client that stays; null
 * when none has weight. The stable one comes last, so that who stands at a candidate stays there while its
 * weight rises, whatever the order of the slots.
 */
export function slotAtPoint<Chosen extends Slot>(
  slots: readonly Chosen[],
  stable: Chosen | null,
  point: number,
): Chosen | null {
  let end = 0;
  let last: Chosen | null = null;
  for (const slot of slots) {
    if (slot.weight === 0 || slot === stable) continue;
    end += slot.weight;
    if (point < end) return slot;
    last = slot;
  }
  return stable !== null && stable.weight > 0 ? stable : last;
}
