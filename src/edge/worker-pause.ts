const PAUSE_MS = [0, 0, 100, 200, 400, 800, 1_600, 3_000] as const;
const SERVED_PAUSE_MS_MAX = 100;

/**
 * How long to wait before the next worker, after `deaths` short lives in a row. Connections wait in
 * the kernel meanwhile, so that what served until it died has to serve again soon.
 */
export function workerPauseMs(deaths: number, hasServed: boolean): number {
  const pauseMs = PAUSE_MS[Math.min(deaths, PAUSE_MS.length - 1)] ?? 0;
  return hasServed ? Math.min(pauseMs, SERVED_PAUSE_MS_MAX) : pauseMs;
}
