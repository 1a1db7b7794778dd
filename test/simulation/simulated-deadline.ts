import type { Deadline } from '../../src/platform/clock.ts';
import type { Timer } from './virtual-time.ts';

/** What a signal of the platform costs is too much for a million runs; this one does the same. */
export function simulatedDeadline(plan: (pass: () => void) => Timer): Deadline {
  const listeners = new Set<() => void>();
  let isAborted = false;
  let hasPassed = false;
  const signal = {
    get aborted() {
      return isAborted;
    },
    get reason() {
      return isAborted ? ENDED : undefined;
    },
    throwIfAborted() {
      if (isAborted) throw ENDED;
    },
    addEventListener(_type: 'abort', listener: () => void) {
      listeners.add(listener);
    },
    removeEventListener(_type: 'abort', listener: () => void) {
      listeners.delete(listener);
    },
  };
  const abort = (): void => {
    if (isAborted) return;
    isAborted = true;
    for (const listener of [...listeners]) listener();
  };
  const timer = plan(() => {
    hasPassed = !isAborted;
    abort();
  });
  return {
    signal: signal as unknown as AbortSignal,
    hasPassed: () => hasPassed,
    end() {
      timer.cancel();
      abort();
    },
    release: () => timer.cancel(),
  };
}

const ENDED = new Error('The wait was ended.');
