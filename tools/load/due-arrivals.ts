/**
 * The open loop's schedule. Arrival i is due at i / rate, whatever became of the ones before it: a
 * stalled server gets no mercy, and a late start is late against this time (no coordinated omission).
 */
export function arrivalDueMs(index: number, ratePerSecond: number): number {
  return (index * 1000) / ratePerSecond;
}

/** How many arrivals should have been started by now, never more than the whole run holds. */
export function dueArrivals(elapsedMs: number, ratePerSecond: number, total: number): number {
  if (elapsedMs < 0) return 0;
  // The tolerance keeps 3 / (1000 / 3) style rounding from holding an arrival back for a tick.
  return Math.min(total, Math.floor((elapsedMs * ratePerSecond) / 1000 + 1e-9) + 1);
}

/** How many arrivals a run of this length holds: those due before its end. */
export function totalArrivals(ratePerSecond: number, durationMs: number): number {
  return Math.ceil((ratePerSecond * durationMs) / 1000 - 1e-9);
}
