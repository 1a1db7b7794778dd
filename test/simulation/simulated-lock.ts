/**
 * The right to drive, as sessions with a database give it: one holder; a dead one's session ends soon,
 * a silent one's after a while, and who is silent may learn of it later than others.
 */
import type { ControllerLock } from '../../src/engine/controller-lock.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface SimulatedLock {
  /** The lock as one process sees it. */
  of(process: SimulatedProcess): ControllerLock;
  /** The database ends all sessions; who is awake notices at once. */
  dropSessions(): void;
}

const HEARTBEAT_MS = 1_000;
const RETRY_MS = 200;
const SILENT_MS = 5_000;
const HELD = Promise.resolve();

export function createSimulatedLock(time: VirtualTime, isAway: () => boolean): SimulatedLock {
  let holder: SimulatedProcess | null = null;
  let heardMs = 0;
  const views: (() => void)[] = [];
  return {
    dropSessions() {
      holder = null;
      for (const lose of views) lose();
    },
    of(process) {
      let isHeld = false;
      const waiting: (() => void)[] = [];
      async function beat(): Promise<void> {
        for (;;) {
          const isFree =
            !isAway() &&
            (holder === null || !holder.isAlive() || time.nowMs() - heardMs > SILENT_MS);
          if (isFree) holder = process;
          isHeld = !isAway() && holder === process;
          if (isHeld) heardMs = time.nowMs();
          if (isHeld) for (const begin of waiting.splice(0)) begin();
          await process.clock.sleep(isHeld ? HEARTBEAT_MS : RETRY_MS);
        }
      }
      void beat();
      views.push(() => process.deliver(() => void (isHeld = false)));
      return {
        isHeld: () => isHeld,
        untilHeld: () => (isHeld ? HELD : new Promise((resolve) => void waiting.push(resolve))),
        close: () => Promise.resolve(),
      };
    },
  };
}
