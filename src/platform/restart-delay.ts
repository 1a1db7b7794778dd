/** How long to wait before a process that ended is started again. */

const FIRST_MS = 100;
const MAX_MS = 5_000;
const STEADY_MS = 10_000;

/**
 * At once after a steady life; then 100 ms, doubling up to 5 s. `previousMs` is the delay before
 * the life that just ended, null for the first.
 */
export function restartDelayMs(previousMs: number | null, livedMs: number): number {
  if (previousMs === null || livedMs >= STEADY_MS) return 0;
  return previousMs === 0 ? FIRST_MS : Math.min(previousMs * 2, MAX_MS);
}
