import { setTimeout as delay } from 'node:timers/promises';

/** Time as an argument: production uses the system's, tests and the simulation their own. */
export interface Clock {
  /** Wall time in ms since 1970; for display and records only. */
  wallMs(): number;
  /** System-wide monotonic time in ns (CLOCK_MONOTONIC): comparable between processes of one boot. */
  monotonicNs(): bigint;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicNs: () => process.hrtime.bigint(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
};

export function elapsedMs(clock: Clock, sinceNs: bigint): number {
  return Number(clock.monotonicNs() - sinceNs) / 1e6;
}
