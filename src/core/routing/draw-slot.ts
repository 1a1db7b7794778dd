/**
 * Draws whose turn it is, by weight: in each round every slot has the turns of its share, in an order that
 * chance makes. So shares are exact after a few requests, and none falls into step with a pattern of them.
 */
export interface Slot {
  readonly weight: number;
  /** What is left of its turns in this round; belongs to `drawSlot`. */
  turns: number;
}

/** The next slot, or null when none has weight; `uniform` is from 0 up to, not including, 1. */
export function drawSlot<Drawn extends Slot>(
  slots: readonly Drawn[],
  uniform: number,
): Drawn | null {
  let left = turnsOf(slots);
  if (left === 0) left = beginRound(slots);
  let at = Math.floor(uniform * left);
  for (const slot of slots) {
    if (at < slot.turns) {
      slot.turns -= 1;
      return slot;
    }
    at -= slot.turns;
  }
  return null;
}

function turnsOf(slots: readonly Slot[]): number {
  let turns = 0;
  for (const slot of slots) turns += slot.turns;
  return turns;
}

/** As short as the weights allow: nine and one of 90 and 10. */
function beginRound(slots: readonly Slot[]): number {
  let divisor = 0;
  for (const { weight } of slots) divisor = greatestCommon(divisor, weight);
  if (divisor === 0) return 0;
  for (const slot of slots) slot.turns = slot.weight / divisor;
  return turnsOf(slots);
}

function greatestCommon(left: number, right: number): number {
  return right === 0 ? left : greatestCommon(right, left % right);
}
