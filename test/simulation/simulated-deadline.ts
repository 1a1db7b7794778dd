import type { Deadline } from '../../src/platform/clock.ts';
import type { Timer } from './virtual-time.ts';

type Listener = () => void;

/** What a signal of the platform costs is too much for a million runs; this one does the same. */
export function simulatedDeadline(plan: (pass: () => void) => Timer | null): Deadline {
  const signal = new SimulatedSignal();
  let hasPassed = false;
  const timer = plan(() => {
    hasPassed = !signal.aborted;
    signal.abort();
  });
  return {
    signal: signal as unknown as AbortSignal,
    hasPassed: () => hasPassed,
    end() {
      timer?.cancel();
      signal.abort();
    },
    release: () => timer?.cancel(),
  };
}

const ENDED = new Error('The wait was ended.');

/** A class as the platform's is one: a million of them share their methods. */
class SimulatedSignal {
  aborted = false;
  #listeners: Listener[] = [];

  get reason(): Error | undefined {
    return this.aborted ? ENDED : undefined;
  }

  throwIfAborted(): void {
    if (this.aborted) throw ENDED;
  }

  addEventListener(_type: 'abort', listener: Listener): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: Listener): void {
    const at = this.#listeners.indexOf(listener);
    if (at >= 0) this.#listeners.splice(at, 1);
  }

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    for (const listener of this.#listeners.splice(0)) listener();
  }
}
