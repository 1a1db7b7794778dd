/** When a target was as before again, once the load was. */

/** A part of the time after the load. */
export interface RecoveryWindow {
  /** Since the load ended. */
  readonly startMs: number;
  readonly isGood: boolean;
}

/** One good window may be luck. */
const GOOD_WINDOWS_NEEDED = 2;

/** The beginning of the first of two good windows in a row; null when there were none. */
export function recoveredAfterMs(windows: readonly RecoveryWindow[]): number | null {
  const at = windows.findIndex((_, index) => {
    const row = windows.slice(index, index + GOOD_WINDOWS_NEEDED);
    return row.length === GOOD_WINDOWS_NEEDED && row.every(({ isGood }) => isGood);
  });
  return windows[at]?.startMs ?? null;
}
