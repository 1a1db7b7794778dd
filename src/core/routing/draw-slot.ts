/**
 * Draws whose turn it is, by weight, each request for itself: what nobody could have foreseen is what the
 * verdict's bound on wrong rollbacks rests on.
 */
export interface Slot {
  readonly weight: number;
}

/** Null when none has weight; `uniform` is from 0 up to, not including, 1. */
export function drawSlot<Drawn extends Slot>(
  slots: readonly Drawn[],
  uniform: number,
): Drawn | null {
  let total = 0;
  for (const { weight } of slots) total += weight;
  let point = uniform * total;
  for (const slot of slots) {
    if (point < slot.weight) return slot;
    point -= slot.weight;
  }
  return null;
}
