/**
 * A process that can be frozen and killed between any two of its acts. What a dead one still waited
 * for never comes; a frozen one gets all of it when it goes on.
 */
import type { Clock } from '../../src/platform/clock.ts';
import { simulatedDeadline } from './simulated-deadline.ts';
import type { Timer, VirtualTime } from './virtual-time.ts';

export interface SimulatedProcess {
  readonly clock: Clock;
  isAlive(): boolean;
  isFrozen(): boolean;
  /** Alive and not frozen. */
  isAwake(): boolean;
  kill(): void;
  freeze(): void;
  thaw(): void;
  /** What happens to the process from outside: now, when it goes on, or never. */
  deliver(run: () => void): void;
}

/** Wall time at the start of every run: a moment that no code may depend on. */
const WALL_MS = 1_767_225_600_000;

export function createSimulatedProcess(
  time: VirtualTime,
  wallOffsetMs: () => number,
): SimulatedProcess {
  let isAlive = true;
  let isFrozen = false;
  const held: (() => void)[] = [];

  function deliver(run: () => void): void {
    if (!isAlive) return;
    if (isFrozen) held.push(run);
    else run();
  }

  const plan = (ms: number, run: () => void): Timer => time.after(ms, () => deliver(run));
  const clock: Clock = {
    wallMs: () => WALL_MS + time.nowMs() + wallOffsetMs(),
    monotonicNs: () => BigInt(Math.round(time.nowMs() * 1e6)),
    deadline: (ms) => simulatedDeadline((pass) => (ms === Infinity ? null : plan(ms, pass))),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal === undefined) {
          plan(ms, resolve);
          return;
        }
        if (signal.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const end = (): void => {
          timer.cancel();
          reject(signal.reason as Error);
        };
        const timer = plan(ms, () => {
          signal.removeEventListener('abort', end);
          resolve();
        });
        signal.addEventListener('abort', end, { once: true });
      }),
  };
  return {
    clock,
    deliver,
    isAlive: () => isAlive,
    isFrozen: () => isFrozen,
    isAwake: () => isAlive && !isFrozen,
    kill() {
      isAlive = false;
      held.length = 0;
    },
    freeze() {
      isFrozen = true;
    },
    thaw() {
      isFrozen = false;
      for (const run of held.splice(0)) if (isAlive) run();
    },
  };
}
