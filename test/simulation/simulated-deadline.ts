import type { Deadline } from '../../src/platform/clock.ts';
import type { Timer } from './virtual-time.ts';

type Listener = () => void;

/** What a signal of the platform costs is too much for a million runs; this one does the same. */
export function simulatedDeadline(plan: (pass: () => void) => Timer | null): Deadline {
  const deadline = new SimulatedDeadline();
  deadline.timer = plan(() => deadline.pass());
  return deadline;
}

const ENDED = new Error('The wait was ended.');

/** Classes, as the platform's are: a million of them share their methods. */
class SimulatedDeadline implements Deadline {
  timer: Timer | null = null;
  #hasPassed = false;
  readonly #signal = new SimulatedSignal();

  get signal(): AbortSignal {
    return this.#signal as unknown as AbortSignal;
  }

  hasPassed(): boolean {
    return this.#hasPassed;
  }

  pass(): void {
    this.#hasPassed = !this.#signal.aborted;
    this.#signal.abort();
  }

  end(): void {
    this.timer?.cancel();
    this.#signal.abort();
  }

  release(): void {
    this.timer?.cancel();
  }
}

class SimulatedSignal {
  aborted = false;
  #listeners: Listener[] | null = null;

  get reason(): Error | undefined {
    return this.aborted ? ENDED : undefined;
  }

  throwIfAborted(): void {
    if (this.aborted) throw ENDED;
  }

  addEventListener(_type: 'abort', listener: Listener): void {
    this.#listeners ??= [];
    this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: Listener): void {
    const at = this.#listeners?.indexOf(listener) ?? -1;
    if (at >= 0) this.#listeners?.splice(at, 1);
  }

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    for (const listener of this.#listeners?.splice(0) ?? []) listener();
  }
}
