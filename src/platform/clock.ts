import { setTimeout as delay } from 'node:timers/promises';

/** Time as an argument: production uses the system's, tests and the simulation their own. */
export interface Clock {
  /** Wall time in ms since 1970; for display and records only. */
  wallMs(): number;
  /** System-wide monotonic time in ns (CLOCK_MONOTONIC): comparable between processes of one boot. */
  monotonicNs(): bigint;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Begins now; keeps no process alive. With `Infinity` it comes only when somebody ends it. */
  deadline(ms: number): Deadline;
}

/** The end of a wait: when its time is over, or somebody says so before. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether the time was over before anybody ended the wait. */
  hasPassed(): boolean;
  /** Ends the wait now. */
  end(): void;
  /** Nobody waits any more: the signal stays as it is. */
  release(): void;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicNs: () => process.hrtime.bigint(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
  deadline(ms) {
    const controller = new AbortController();
    let hasPassed = false;
    const pass = (): void => {
      hasPassed = !controller.signal.aborted;
      controller.abort(new DOMException(`${ms} ms are over.`, 'TimeoutError'));
    };
    const timer = ms === Infinity ? undefined : setTimeout(pass, ms).unref();
    return {
      signal: controller.signal,
      hasPassed: () => hasPassed,
      end() {
        clearTimeout(timer);
        controller.abort();
      },
      release: () => clearTimeout(timer),
    };
  },
};

export function elapsedMs(clock: Clock, sinceNs: bigint): number {
  return Number(clock.monotonicNs() - sinceNs) / 1e6;
}
